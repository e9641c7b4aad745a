import { say } from '../language/say.js'
import { compileCaptures } from '../load/capture.js'
import { type FieldSpec, fieldsOf, OWN_PLACEHOLDERS } from '../load/fields.js'
import { type CapturingRequest, fieldStages, type GettingIn, type SessionSpec } from '../load/getting-in.js'
import { parseTarget } from '../load/request.js'
import { hasPlaceholder, jsonParts, parseTemplate, placeholdersIn } from '../load/template.js'
import type { Checker } from './checker.js'
import type { Path } from './position.js'
import { checkedRequest, type RequestInput, texts } from './requests.js'
import type { SaleFileInput } from './schema.js'
import { parseDuration, parsePerSecond, timeForm } from './values.js'

const DEFAULT_LIFE_MS = 3_600_000
const DEFAULT_CONCURRENCY = 20

/** What users need before they buy, and the placeholders that a purchase then has: null where these are not sound. */
export const gettingInSection = (
  input: SaleFileInput,
  checker: Checker,
): { gettingIn: GettingIn | undefined; purchase: FieldSpec | null } => {
  const { login, jwt, redis } = input.users ?? {}
  const steps = input.attempt?.steps ?? []
  if (!login && !jwt && !redis && steps.length === 0) return { gettingIn: undefined, purchase: assumedFields(input) }
  const before = checker.problems.length
  const gettingIn = wayOf(input, checker)
  const stages = checker.try(['users', 'login'], () => fieldStages(assumedFields(input), gettingIn, 0))
  if (stages === undefined) return { gettingIn, purchase: null }
  if (redis) checkSession(redis, gettingIn.redis as SessionSpec, stages.session, checker)
  if (jwt)
    checker.try(['users', 'jwt', 'claims'], () => jsonParts(jwt.claims, fieldsOf(stages.session), say`the claims`))
  if (checker.problems.length > before) return { gettingIn, purchase: null }
  const captured = login ? ['users', 'login', 'capture'] : ['attempt', 'steps']
  if (checker.try(captured, () => fieldsOf(stages.purchase)) === undefined) return { gettingIn, purchase: null }
  if (login) checkCapturing(['users', 'login'], login, stages.login, checker)
  for (const [i, step] of steps.entries()) {
    checkCapturing(['attempt', 'steps', i], step, stages.steps[i] as FieldSpec, checker)
  }
  return { gettingIn, purchase: stages.purchase }
}

const wayOf = ({ users = {}, attempt }: SaleFileInput, checker: Checker): GettingIn => {
  const { login, jwt, redis } = users
  const rate = checker.value(['users', 'login', 'rate'], login?.rate, parsePerSecond, say`a rate such as 200/s`)
  const concurrency = login?.concurrency ?? DEFAULT_CONCURRENCY
  const expiresInS = seconds(['users', 'jwt', 'expiresIn'], jwt?.expiresIn, checker)
  return {
    login: login && { ...requestOf({ method: 'POST', ...login }), rate: rate ?? null, concurrency },
    jwt: jwt && { secret: jwt.secret, claims: jwt.claims, expiresInS },
    redis: redis && sessionOf(redis, checker),
    steps: (attempt?.steps ?? []).map((step) => requestOf({ method: 'GET', ...step })),
  }
}

/** Columns of a file of users are known once it is read; until then any name that nothing else gives may be one. */
const assumedFields = ({ target, users, load, attempt }: SaleFileInput): FieldSpec => {
  const fromFile = users?.file !== undefined || [users?.names, load?.usernames].some((names) => names?.startsWith('@'))
  if (!fromFile) return {}
  const captured = [users?.login?.capture, ...(attempt?.steps ?? []).map(({ capture }) => capture)]
  const own = [...(users?.redis ? ['token'] : []), ...(users?.jwt ? ['jwt'] : []), ...OWN_PLACEHOLDERS]
  const given = [...own, ...captured.flatMap((capture) => Object.keys(capture ?? {}))]
  const names = placeholdersIn(JSON.stringify([target, users, attempt])).filter((name) => !given.includes(name))
  return { columns: Object.fromEntries(names.map((name) => [name, []])) }
}

type CapturingInput = RequestInput & {
  readonly url?: string | undefined
  readonly capture: Readonly<Record<string, string>>
}

const requestOf = ({ url, path, method, form, json, headers, capture }: CapturingInput): CapturingRequest => {
  // The form of a purchase is no default here.
  const body = json === undefined && form === undefined && method !== 'GET' ? {} : texts(form)
  return { request: { url, path, method, form: body, json, headers: texts(headers) }, captures: capture }
}

const checkCapturing = (at: Path, input: CapturingInput, fields: FieldSpec, checker: Checker): void => {
  checkedRequest(at, input, fields, checker)
  const { url, path, capture } = input
  if (url !== undefined) checker.try([...at, 'url'], () => parseTarget(url))
  else if (path === undefined) checker.refuse(at, say`path is missing`)
  for (const name of Object.keys(capture)) {
    checker.try([...at, 'capture', name], () => compileCaptures({ [name]: capture[name] as string }))
  }
}

const seconds = (at: Path, given: string | number | undefined, checker: Checker): number => {
  const ms = checker.value(at, given, parseDuration, timeForm()) ?? DEFAULT_LIFE_MS
  return Math.max(1, Math.round(ms / 1_000))
}

type SessionInput = NonNullable<NonNullable<SaleFileInput['users']>['redis']>

const sessionOf = ({ key, token = '{{uuid}}', hash, string, ttl }: SessionInput, checker: Checker): SessionSpec => {
  const at = ['users', 'redis']
  const value = checker.only<string | Record<string, string>>([
    [[...at, 'hash'], texts(hash)],
    [[...at, 'string'], string],
  ])
  if (value === undefined) checker.refuse(at, say`hash or string is missing`)
  return { key, token, value: value?.value ?? '', ttlSeconds: seconds([...at, 'ttl'], ttl, checker) }
}

const checkSession = (input: SessionInput, { key, value }: SessionSpec, fields: FieldSpec, checker: Checker): void => {
  const at = ['users', 'redis']
  const compiled = checker.try([...at, 'token'], () => fieldsOf(fields))
  if (compiled === undefined) return
  const check = (name: string, text: string) =>
    checker.try([...at, name], () => parseTemplate(text, { where: name, fields: compiled, encode: (same) => same }))
  check('key', key)
  if (!hasPlaceholder(key)) checker.refuse([...at, 'key'], say`all users would have one key; put {{token}} into it`)
  if (typeof value === 'string') check('string', value)
  else for (const text of Object.values(value)) check('hash', text)
  if (input.hash && Object.keys(input.hash).length === 0) checker.refuse([...at, 'hash'], say`must not be empty`)
}
