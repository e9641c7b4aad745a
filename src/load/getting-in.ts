import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Captures } from './capture.js'
import type { FieldSpec } from './fields.js'
import type { JwtSpec } from './jwt.js'
import type { TargetSpec } from './request.js'

/** A request and what is taken out of its answer. */
export interface CapturingRequest {
  /** With `url`, elsewhere than the purchase. */
  readonly request: Omit<TargetSpec, 'url'> & { readonly url?: string | undefined }
  readonly captures: Captures
}

export interface LoginSpec extends CapturingRequest {
  /** Per second; null for as fast as they are answered. */
  readonly rate: number | null
  readonly concurrency: number
}

/** A session that the shop finds in Redis. Texts hold placeholders. */
export interface SessionSpec {
  readonly key: string
  readonly value: string | Readonly<Record<string, string>>
  readonly token: string
  readonly ttlSeconds: number
}

/** What users need before the shop lets them buy, as the sale file says it. Plain data. */
export interface GettingIn {
  readonly login?: LoginSpec | undefined
  readonly jwt?: Omit<JwtSpec, 'issuedAtS'> | undefined
  readonly redis?: SessionSpec | undefined
  /** In order, before each purchase. */
  readonly steps: readonly CapturingRequest[]
}

/** Which placeholders there are at each point of the way in. */
export interface FieldStages {
  readonly session: FieldSpec
  readonly login: FieldSpec
  readonly steps: readonly FieldSpec[]
  readonly purchase: FieldSpec
  /** What logins capture, by name and the user's index: to be filled, and seen by the later stages. */
  readonly loggedIn: Readonly<Record<string, string[]>>
}

/** `base` holds what is known before: seed and columns. Each stage sees what came earlier. */
export const fieldStages = (base: FieldSpec, way: GettingIn, issuedAtS: number): FieldStages => {
  const loggedIn = Object.fromEntries(Object.keys(way.login?.captures ?? {}).map((name) => [name, [] as string[]]))
  const session = { ...base, token: way.redis?.token }
  const login = { ...session, jwt: way.jwt && { ...way.jwt, issuedAtS } }
  const after = { ...login, columns: joined(base.columns ?? {}, loggedIn) }
  const captured = way.steps.map(({ captures }) => Object.keys(captures))
  return {
    session,
    login,
    steps: way.steps.map((_, i) => ({ ...after, captured: captured.slice(0, i).flat() })),
    purchase: { ...after, captured: captured.flat() },
    loggedIn,
  }
}

type Columns = NonNullable<FieldSpec['columns']>

const joined = (given: Columns, loggedIn: Columns): Columns => {
  const twice = Object.keys(loggedIn).find((name) => Object.hasOwn(given, name))
  if (twice !== undefined) throw usageError(say`users.login captures ${twice}, which is a column of the file of users`)
  return { ...given, ...loggedIn }
}
