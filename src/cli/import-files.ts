import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, relative, resolve } from 'node:path'
import { messageOf, SeckillError, systemCodeOf, usageError } from '../errors.js'
import type { Imported, Note } from '../import/import.js'
import { type UsersCsv, usersCsv } from '../import/users-csv.js'
import { MAX_PLAN_BYTES } from '../import/xml.js'
import { say } from '../language/say.js'
import type { Context } from './context.js'
import { requireFree, writeScenario } from './save-scenario.js'

/** Of users; 100 bytes each are half a million of them. */
const MAX_USERS_BYTES = 64 << 20

const MB = 1 << 20

/** The text of a plan, in the encoding that it declares. Errors: usage, in one line. */
export const readPlanFile = async (context: Context, name: string): Promise<string> => {
  const bytes = await readBounded(resolve(context.io.cwd, name), name, MAX_PLAN_BYTES)
  const declared = /^\ufeff?<\?xml[^>]*encoding=["']([^"']+)["']/.exec(bytes.subarray(0, 200).toString('utf8'))?.[1]
  return decode(bytes, declared ?? 'utf-8', name)
}

const readBounded = async (path: string, name: string, limit: number): Promise<Buffer> => {
  try {
    const { size } = await stat(path)
    if (size > limit)
      throw usageError(
        say`${name} is larger than ${limit / MB} MB`,
        say`take recordings and results out of it, or keep a part of its rows`,
      )
    return await readFile(path)
  } catch (error) {
    if (error instanceof SeckillError) throw error
    const code = systemCodeOf(error)
    if (code === 'ENOENT') throw usageError(say`no file at ${name}`, say`check its name`)
    throw usageError(
      say`cannot read ${name} (${code === 'EISDIR' ? say`it is a folder` : (code ?? messageOf(error))})`,
      say`check its name`,
    )
  }
}

const decode = (bytes: Buffer, encoding: string, name: string): string => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof RangeError)
      throw usageError(say`${name} is in ${encoding}, which is not known here`, say`save it as UTF-8`)
    throw usageError(say`${name} is not in ${encoding.toUpperCase()}, as it should be`, say`save it as UTF-8`)
  }
}

interface Placed {
  readonly users: { readonly file: string | undefined; readonly load: unknown }
  readonly notes: readonly Note[]
  write(): Promise<void>
}

/** Where the users of a plan's CSV file come from: a file that is written beside `out`, else the plan's own, with a note of what it needs. */
export const placeUsers = async (
  context: Context,
  imported: Imported,
  plan: string,
  out: string | undefined,
): Promise<Placed> => {
  const { table, scenario } = imported
  const load = scenario.load as Record<string, unknown>
  const nothing = async () => {}
  if (table === null) return { users: { file: undefined, load }, notes: [], write: nothing }
  const notes: Note[] = []
  const note = (kind: Note['kind'], message: string) =>
    notes.push({
      kind,
      line: table.data.element.line,
      element: table.data.element.tag,
      name: table.data.element.name,
      message,
    })
  const { cwd } = context.io
  const path = lyingAt(resolve(cwd, dirname(plan)), table.data.file)
  const shown = path === null ? table.data.file : relative(cwd, path)
  if (path === null) {
    note('dropped', say`${shown} is not there: make a file whose first line names the columns, one of them user`)
    return { users: { file: basename(shown.replaceAll('\\', '/')), load }, notes, write: nothing }
  }
  const text = decode(await readBounded(path, shown, MAX_USERS_BYTES), table.data.encoding, shown)
  const made = usersCsv(text, table, shown)
  const capped = cap(load, made)
  if (made.repeated > 0) note('changed', say`${made.repeated} rows that name nobody, or a user again, are left out`)
  if (capped !== load) note('changed', say`${shown} names ${made.users} users: no more buy`)
  const folder = resolve(cwd, dirname(out ?? '.'))
  if (made.text === text.replaceAll('\r\n', '\n'))
    return { users: { file: relative(folder, path), load: capped }, notes, write: nothing }
  if (out === undefined) {
    note('dropped', say`its first line has to be ${firstLine(made)}: --out writes such a file`)
    return { users: { file: relative(folder, path), load: capped }, notes, write: nothing }
  }
  const target = `${out.slice(0, out.length - extname(out).length)}.users.csv`
  requireFree(context, target)
  note('changed', say`its users are in ${target}, with ${firstLine(made)} as the first line`)
  const write = () => writeScenario(context, target, made.text, '--out')
  return { users: { file: basename(target), load: capped }, notes, write }
}

const firstLine = ({ text }: UsersCsv): string => text.slice(0, text.indexOf('\n'))

/** The file as the plan names it, else one of that name beside the plan: plans hold the paths of the machine they were made on. */
const lyingAt = (folder: string, name: string): string | null =>
  [resolve(folder, name), join(folder, basename(name.replaceAll('\\', '/')))].find(
    (path) => name !== '' && existsSync(path),
  ) ?? null

/** More users than the file names cannot buy. */
const cap = (load: Record<string, unknown>, { users }: UsersCsv): Record<string, unknown> =>
  typeof load.users === 'number' && load.users > users ? { ...load, users } : load
