import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'

export const STATE_FOLDER = '.seckill'

/**
 * Creates `.seckill/<segments>` under `cwd` and lets git ignore all of `.seckill`. Resolves with its absolute path.
 * Rejects with a SeckillError `disk`.
 */
export const stateFolder = async (cwd: string, ...segments: string[]): Promise<string> => {
  const root = resolve(cwd, STATE_FOLDER)
  const folder = join(root, ...segments)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(root, '.gitignore'), '*\n', { flag: 'wx' }).catch((error) => {
      if (systemCodeOf(error) !== 'EEXIST') throw error
    })
  } catch (error) {
    throw notWritable(folder, error)
  }
  return folder
}

export const notWritable = (folder: string, error: unknown): SeckillError =>
  new SeckillError(
    'disk',
    say`cannot write to ${folder} (${messageOf(error)})`,
    say`free it up, or work in a folder of your own`,
    error,
  )
