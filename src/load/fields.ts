import { usageError } from '../errors.js'
import { ipOf, uuidOf } from '../sale/identity.js'
import type { Field, Fields } from './template.js'

/** What placeholders beside those of every shot stand for. Plain data: a worker makes the same of it. */
export interface FieldSpec {
  /** Of {{uuid}} and {{ip}}. */
  readonly seed?: number | undefined
  /** Values by name and by the user's index: the columns of a file of users, what logins told. */
  readonly columns?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Placeholders that every request can hold. */
export const OWN_PLACEHOLDERS: readonly string[] = ['user', 'quantity', 'index', 'uuid', 'ip']

/** Throws a usage error where a column takes the name of a placeholder of our own; `user` may be one of them. */
export const fieldsOf = ({ seed = 0, columns = {} }: FieldSpec = {}): Fields => {
  const taken = Object.keys(columns).find((name) => name !== 'user' && OWN_PLACEHOLDERS.includes(name))
  if (taken !== undefined) {
    throw usageError(`column ${taken} has the name of a placeholder of seckill’s own`, 'give it another name')
  }
  const uuid = uuidOf(seed)
  const ip = ipOf(seed)
  const given = Object.entries(columns).map(([name, values]): [string, Field] => [
    name,
    ({ userIndex }) => values[userIndex] ?? '',
  ])
  return {
    ...Object.fromEntries(given),
    user: ({ user }) => user,
    quantity: ({ quantity }) => String(quantity),
    index: ({ userIndex }) => String(userIndex),
    uuid: ({ userIndex, copy }) => uuid(userIndex, copy),
    ip: ({ userIndex }) => ip(userIndex),
  }
}
