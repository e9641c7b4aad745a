import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { messageOf, systemCodeOf, usageError } from '../errors.js'
import { say } from '../language/say.js'
import { parseUserTable, type UserTable } from '../sale/user-table.js'
import { type UserNaming, userNamer, userNaming } from '../sale/usernames.js'
import type { Context } from './context.js'
import { seedOf } from './runs.js'

/** How users are called in this call, and what a file says of them. */
export interface Named {
  readonly seed: number
  readonly naming: UserNaming
  /** By name and the user's index; none without a file. */
  readonly columns: UserTable['columns']
}

/** Users as `--usernames` and seed make them. Throws a usage error, also for a file that cannot be read. */
export const nameUsers = (
  context: Context,
  { usernames = 'random', seed: fromFile }: { readonly usernames?: string; readonly seed?: number },
): Named => {
  const seed = seedOf(context, fromFile)
  if (!usernames.startsWith('@')) return { seed, naming: userNaming(usernames, seed), columns: {} }
  const file = relative(context.io.cwd, resolve(context.io.cwd, usernames.slice(1)))
  const { names, columns } = readUserTable(context, file)
  return { seed, naming: { kind: 'given', names, file }, columns }
}

/** One of those users alone: the one that is named, else the first, with what a file says of it. Throws a usage error. */
export const oneOf = (
  { seed, naming, columns }: Named,
  wanted: string | undefined,
): Named & { readonly user: string } => {
  const user = wanted ?? userNamer(naming)(0)
  const row = naming.kind === 'given' ? naming.names.indexOf(user) : 0
  if (row < 0) throw usageError(say`the file of users does not name ${JSON.stringify(user)}`, say`check --user`)
  const own = Object.entries(columns).map(([name, values]) => [name, [values[row] as string]] as const)
  return { user, seed, naming: { kind: 'given', names: [user] }, columns: Object.fromEntries(own) }
}

const readUserTable = (context: Context, shown: string): UserTable => {
  try {
    return parseUserTable(
      new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(resolve(context.io.cwd, shown))),
      shown,
    )
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT') throw usageError(say`no file of users at ${shown}`, say`check --usernames`)
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw usageError(say`${shown} is not UTF-8`, say`save it as UTF-8`)
    if (code === 'usage') throw error
    throw usageError(say`cannot read the users of ${shown}: ${messageOf(error)}`, say`check --usernames`)
  }
}
