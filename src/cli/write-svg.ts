import { messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import type { Counterexample } from '../race/race.js'
import type { Context } from './context.js'

/** Writes the first timeline as a lane diagram, where `path` asks for it and there is one. Errors: disk. */
export const writeSvg = async (
  context: Context,
  path: string | undefined,
  first: Counterexample | undefined,
): Promise<void> => {
  if (path === undefined || first === undefined) return
  const [{ writeFile }, { resolve }] = await Promise.all([import('node:fs/promises'), import('node:path')])
  const { timelineSvg } = await import('../race/svg.js')
  await writeFile(resolve(context.io.cwd, path), timelineSvg(first)).catch((error: unknown) => {
    throw new SeckillError(
      'disk',
      say`cannot write ${path} (${messageOf(error)})`,
      say`name a file in a folder that is there`,
      error,
    )
  })
  context.note(say`timeline ${path}`)
}
