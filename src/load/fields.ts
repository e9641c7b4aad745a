import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { ipOf, uuidOf } from '../sale/identity.js'
import { type JwtSpec, jwtField } from './jwt.js'
import { type Field, type Fields, parseTemplate, renderer } from './template.js'
import type { Shot } from './transport.js'

/** What placeholders beside those of every shot stand for. Plain data: a worker makes the same of it. */
export interface FieldSpec {
  /** Of {{uuid}} and {{ip}}. */
  readonly seed?: number | undefined
  /** The names of users are of letters, digits and hyphens only. */
  readonly plainUsers?: boolean | undefined
  /** Values by name and by the user's index: the columns of a file of users, what logins told. */
  readonly columns?: Readonly<Record<string, readonly string[]>> | undefined
  /** {{token}}: a template of its own, the same for all attempts of a user. */
  readonly token?: string | undefined
  /** {{jwt}}. */
  readonly jwt?: JwtSpec | undefined
  /** Names of what the steps of an attempt capture. */
  readonly captured?: readonly string[] | undefined
}

/** Placeholders that every request can hold. */
export const OWN_PLACEHOLDERS: readonly string[] = ['user', 'quantity', 'index', 'uuid', 'ip']

/** Throws a usage error where two sources give one placeholder; only `user` may also be a column. */
export const fieldsOf = (spec: FieldSpec = {}): Fields => {
  const { seed = 0, plainUsers = false, columns = {}, token, jwt, captured = [] } = spec
  const fields = new Map<string, Field>(Object.entries(ownFields(seed, plainUsers)))
  const add = (name: string, source: string, field: Field) => {
    if (fields.has(name)) {
      throw usageError(say`${source} ${name}: {{${name}}} stands for something else already`, say`give it another name`)
    }
    fields.set(name, field)
  }
  for (const [name, values] of Object.entries(columns)) {
    if (name !== 'user') add(name, 'column', ({ userIndex }) => values[userIndex] ?? '')
  }
  const soFar = () => Object.fromEntries(fields)
  if (token !== undefined) {
    const place = { where: 'users.redis.token', fields: soFar(), encode: (text: string) => text }
    const write = renderer(parseTemplate(token, place))
    add('token', 'users.redis', (shot) => write(shot.copy === 0 ? shot : { ...shot, copy: 0 }))
  }
  if (jwt !== undefined) add('jwt', 'users.jwt', jwtField(jwt, soFar()))
  for (const name of captured) add(name, 'attempt.steps', ({ captured: values }) => values?.[name] ?? '')
  return soFar()
}

const ownFields = (seed: number, plainUsers: boolean): Fields => {
  const uuid = uuidOf(seed)
  const ip = ipOf(seed)
  const user = ({ user }: Shot) => user
  return {
    user: plainUsers ? plain(user) : user,
    quantity: plain(({ quantity }) => NUMBERS[quantity] ?? String(quantity)),
    index: plain(({ userIndex }) => String(userIndex)),
    uuid: plain(({ userIndex, copy }) => uuid(userIndex, copy)),
    ip: plain(({ userIndex }) => ip(userIndex)),
  }
}

const plain = (field: (shot: Shot) => string): Field => Object.assign(field, { isPlain: true })

/** Nearly all quantities, written once. */
const NUMBERS = Array.from({ length: 100 }, (_, number) => String(number))
