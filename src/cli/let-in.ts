import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { FieldStages, GettingIn } from '../load/getting-in.js'
import type { Recipe } from '../load/recipe.js'
import type { RequestTemplate } from '../load/request.js'
import type { Shot } from '../load/transport.js'
import type { HttpSettings } from '../load/transports/http.js'
import type { RedisClient } from '../redis/client.js'
import { monotonicUs } from '../sale/clock.js'
import type { UserNamer } from '../sale/usernames.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Session } from '../store/sessions.js'
import type { Context } from './context.js'
import { milliseconds, thousands } from './numbers.js'
import { requireAllowed } from './session.js'
import type { Target } from './target.js'
import type { Named } from './users.js'

/** What users of this call need before they buy. */
export interface WaysIn {
  readonly way: GettingIn
  readonly stages: FieldStages
}

/** As the sale file says, for the users of this call; usage errors where placeholders clash. */
export const waysIn = async (named: Named, file: SaleFile | null): Promise<WaysIn> => {
  const [{ fieldStages }, { areNamesPlain }] = await Promise.all([
    import('../load/getting-in.js'),
    import('../sale/usernames.js'),
  ])
  const way = file?.gettingIn ?? { steps: [] }
  return {
    way,
    stages: fieldStages({ ...named, plainUsers: areNamesPlain(named.naming) }, way, Math.floor(Date.now() / 1_000)),
  }
}

/** Those requests, checked, with what the real columns of a file of users leave to check. */
export interface Door extends WaysIn {
  readonly login: RequestTemplate | null
}

/** The way in at a target. Throws usage errors, and remote_refused for logins elsewhere, before anything is sent. */
export const doorOf = async (context: Context, { way, stages }: WaysIn, origin: string): Promise<Door> => {
  const [{ compileRequest, parseTarget }, { isLoopbackHost }] = await Promise.all([
    import('../load/request.js'),
    import('../redis/target.js'),
  ])
  const { login, steps } = way
  // What is wrong with a step is told before anything is sent.
  steps.forEach(({ request }, i) => void compileRequest({ ...request, url: origin }, stages.steps[i]))
  const { hostname } = parseTarget(login?.request.url ?? origin)
  if (!isLoopbackHost(hostname)) requireAllowed(context, [hostname], 'fire')
  return {
    way,
    stages,
    login: login ? compileRequest({ ...login.request, url: login.request.url ?? origin }, stages.login) : null,
  }
}

/** How purchases are made at a target, with the steps before and the polls after them. */
export const recipeOf = (
  { spec, request, timeoutMs }: Target,
  { way, stages }: WaysIn,
  { transport, insecure, http2, proxy, localAddress }: HttpSettings,
  follow: Pick<Recipe, 'poll' | 'redis'> = {},
): Recipe => ({
  target: spec,
  fields: stages.purchase,
  steps: way.steps.map((step, i) => ({
    request: { ...step.request, url: request.origin },
    fields: stages.steps[i]!,
    captures: step.captures,
  })),
  ...follow,
  http: { transport, insecure, http2, proxy, localAddress },
  timeoutMs,
})

/** With `--duration` alone there is no end of users. */
const MOST_LET_IN = 10_000_000

/** The users of a run, and how their logins travel. */
export interface Crowd {
  readonly users: number
  readonly nameOf: UserNamer
  /** Null where Redis is out of reach. */
  readonly client: RedisClient | null
  readonly timeoutMs: number
  readonly http: HttpSettings
}

/**
 * Runs `work` with every user let in: sessions written, logged in. Sessions are removed after it, whatever happens. Errors:
 * login_failed, refused_overwrite, redis_unreachable, interrupted.
 */
export const withUsersIn = async <T>(
  context: Context,
  door: Door,
  crowd: Crowd,
  work: () => Promise<T>,
): Promise<T> => {
  const { login, redis } = door.way
  if ((login || redis) && crowd.users > MOST_LET_IN) {
    throw usageError(say`users.login and users.redis need to know how many users there are`, say`say --users 20000`)
  }
  const leave = await writeSessionsOf(context, door, crowd)
  try {
    await logUsersIn(context, door, crowd)
    return await work()
  } finally {
    await leave?.().catch(() => context.warn(say`the sessions of users.redis could not be removed; they expire`))
  }
}

type SessionOf = (shot: Shot) => Session

/** The session that lets a user in, as `users.redis` describes it; null where there is none. */
export const sessionsOf = async ({ way: { redis }, stages }: WaysIn): Promise<SessionOf | null> => {
  if (redis === undefined) return null
  const [{ fieldsOf }, { parseTemplate, renderer }] = await Promise.all([
    import('../load/fields.js'),
    import('../load/template.js'),
  ])
  const place = { where: 'users.redis', fields: fieldsOf(stages.session), encode: (text: string) => text }
  const write = (text: string) => renderer(parseTemplate(text, place))
  const key = write(redis.key)
  const { value } = redis
  const fields =
    typeof value === 'string' ? write(value) : Object.entries(value).map(([name, text]) => [name, write(text)] as const)
  return (shot) => ({
    key: key(shot),
    value: typeof fields === 'function' ? fields(shot) : fields.map(([name, text]) => [name, text(shot)] as const),
  })
}

const writeSessionsOf = async (context: Context, { way, stages }: Door, { users, nameOf, client }: Crowd) => {
  const { redis } = way
  if (redis === undefined) return null
  if (client === null)
    throw new SeckillError('redis_unreachable', say`users.redis needs Redis`, say`start it, or check --redis`)
  const [{ hostsOf, isLoopbackHost }, { writeSessions }, sessionOf] = await Promise.all([
    import('../redis/target.js'),
    import('../store/sessions.js'),
    sessionsOf({ way, stages }),
  ])
  const remote = hostsOf(client.target).filter((host) => !isLoopbackHost(host))
  requireAllowed(context, remote, 'write')
  const ofUser = (userIndex: number) =>
    (sessionOf as SessionOf)({ userIndex, copy: 0, quantity: 1, user: nameOf(userIndex) })
  const leave = await writeSessions(client.redis, users, ofUser, redis.ttlSeconds, context.interrupted)
  context.note(say`${thousands(users)} sessions written to redis, to be removed after the run`)
  return leave
}

const logUsersIn = async (context: Context, { way, stages, login }: Door, crowd: Crowd): Promise<void> => {
  if (login === null || way.login === undefined) return
  const [{ logIn }, { httpTransport }, { progressOn }] = await Promise.all([
    import('../load/login.js'),
    import('../load/transports/http.js'),
    import('./progress.js'),
  ])
  const { captures, rate, concurrency } = way.login
  const { users, nameOf, timeoutMs, http } = crowd
  const insecure = http.insecure && login.origin.startsWith('https:')
  const progress = await progressOn(context)
  const startUs = monotonicUs()
  try {
    await logIn({
      ...{ users, nameOf, captures, rate, concurrency, nowUs: monotonicUs, signal: context.interrupted },
      // Whose answers come with their headers.
      transport: await httpTransport({
        ...{ ...http, insecure, http2: false, transport: 'undici', request: login, timeoutMs, nowUs: monotonicUs },
      }),
      into: stages.loggedIn,
      onProgress: (done) => progress.show(() => say`logged in ${thousands(done)} of ${thousands(users)} users`),
    })
  } finally {
    progress.clear()
  }
  const took = milliseconds((monotonicUs() - startUs) / 1_000)
  context.note(say`${thousands(users)} users logged in, in ${took}; neither counted nor timed`)
}
