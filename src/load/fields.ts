import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { ipOf, uuidOf } from '../sale/identity.js'
import { type JwtSpec, jwtField } from './jwt.js'
import { type Field, type Fields, parseTemplate, renderer } from './template.js'

/** What placeholders beside those of every shot stand for. Plain data: a worker makes the same of it. */
export interface FieldSpec {
  /** Of {{uuid}} and {{ip}}. */
  readonly seed?: number | undefined
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
  const { seed = 0, columns = {}, token, jwt, captured = [] } = spec
  const fields = new Map<string, Field>(Object.entries(ownFields(seed)))
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

const ownFields = (seed: number): Fields => {
  const uuid = uuidOf(seed)
  const ip = ipOf(seed)
  return {
    user: ({ user }) => user,
    quantity: ({ quantity }) => String(quantity),
    index: ({ userIndex }) => String(userIndex),
    uuid: ({ userIndex, copy }) => uuid(userIndex, copy),
    ip: ({ userIndex }) => ip(userIndex),
  }
}
