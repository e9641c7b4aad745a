import type { Run } from '../history/run.js'
import { say } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import { systemClock } from '../sale/clock.js'
import type { RecordSource } from '../sale/final-state.js'
import type { RecordsPlace } from '../sale/layout.js'
import { outcomeCode } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import type { ServerMark } from '../sale/server-facts.js'
import type { OwnQueuePlace } from '../store/order-book.js'
import { quietAfterMs } from './audit-runs.js'
import type { Context } from './context.js'
import type { Looked, Witnessed } from './render-audit.js'
import { requireScannable } from './user-keys.js'

/** Least time between two looks at a sale that must agree. */
export const GAP_MS = 250

/** What a command that prints orders may take beyond the time to settle. */
const ORDERS_MS = 30_000

/**
 * Waits until a sale stands still, longer where it `accuses` the shop, and reads it with all its records, those outside Redis
 * too, and its server.
 */
export const settleSale = async (
  context: Context,
  client: RedisClient,
  sale: Sale,
  runs: readonly Run[],
  maxMs: number,
  accuses: (looked: Witnessed) => boolean,
): Promise<Looked> => {
  const [{ settleForSure, lookAt }, { missingRecords, readFinalState }] = await Promise.all([
    import('../store/settle.js'),
    import('../store/snapshot.js'),
  ])
  requireScannable(client, sale)
  const { redis } = client
  const outside = await outsideOf(context, sale, maxMs + ORDERS_MS)
  const around = await surroundings(client, sale, runs)
  await tell(context, client, around)
  const own = await ownQueueOf(sale)
  const settled = await settleForSure(
    () => lookAt(redis, sale.places, sale.keys),
    () => readFinalState(redis, sale.places, { outside, own }),
    {
      ...{ clock: systemClock, maxMs, signal: context.interrupted },
      ...{ gapMs: gapMs(sale, runs), quietAfterMs: quietAfterMs(runs) },
    },
    (seen) => accuses({ ...seen, lost: around.lost }),
  )
  const missing = missingRecords(settled.state)
  for (const warning of missing) context.warn(warning)
  return { ...settled, ...around, warnings: [...around.warnings, ...missing] }
}

/** The orders of our own strategies wait in a stream and in a queue that nobody has to declare. */
export const ownQueueOf = async ({ keys }: Sale): Promise<OwnQueuePlace> => {
  const { QUEUED } = await import('../strategies/index.js')
  const reserving = new Set(QUEUED.filter(({ backOffice }) => backOffice?.reserves).map(({ name }) => name))
  return { keys, reserves: (strategy) => reserving.has(strategy) }
}

/** How records that do not lie in Redis are read. */
export const outsideOf = async (
  { io: { cwd, env }, interrupted }: Context,
  { places }: Sale,
  maxMs: number,
): Promise<ReadOutside> => {
  const { openOrders } = await import('../store/orders/open.js')
  return (place) => openOrders(place, places, { cwd, env, signal: interrupted, maxMs })
}

export type ReadOutside = (place: RecordsPlace) => Promise<RecordSource | null>

/** {@link GAP_MS}, or more. Orders that were accepted for later may take as long as a request; where queues are declared, those tell. */
export const gapMs = ({ places }: Sale, runs: readonly Run[]): number => {
  const queued = outcomeCode('queued')
  const waiting = places.queues.length === 0 ? runs.filter(({ attempts }) => attempts.outcome.includes(queued)) : []
  return Math.max(GAP_MS, ...waiting.map(({ header }) => header.timeoutMs))
}

type Around = Pick<Looked, 'lost' | 'warnings' | 'remarks'>

/** What about server and keys may have spoilt the sale. */
export const surroundings = async (
  { redis, target }: RedisClient,
  sale: Sale,
  runs: readonly Run[],
): Promise<Around> => {
  const { readLifetimes, readServer } = await import('../store/environment.js')
  const { lifetimeWarnings, lostServer, serverRemarks, serverWarnings } = await import('../sale/server-facts.js')
  const start = firstMark(runs)
  // A cluster has no one server to ask.
  const facts = target.kind === 'cluster' ? null : await readServer(redis)
  const lost = lostServer(facts, start)
  const lifetimes = await readLifetimes(redis, sale.places)
  // One that had a lifetime may be evicted by now.
  const expiring = sale.ttlSeconds !== null || lifetimes.length > 0
  const unplanned = lifetimes.filter(({ seconds }) => sale.ttlSeconds === null || seconds > sale.ttlSeconds)
  const warnings = [
    ...(facts ? serverWarnings(facts, start, expiring) : []),
    ...lifetimeWarnings(unplanned, sale.window?.endMs ?? null, Date.now()),
  ]
  return { lost, warnings, remarks: facts ? serverRemarks(facts) : [] }
}

export const tell = async (context: Context, { target }: RedisClient, { warnings, remarks }: Around): Promise<void> => {
  const { hostsOf, isLoopbackHost } = await import('../redis/target.js')
  for (const warning of warnings) context.warn(warning)
  // On a machine of one's own they are no news.
  if (!hostsOf(target).every(isLoopbackHost)) for (const remark of remarks) context.note(say`note: ${remark}`)
}

/** The server as the earliest run that knows it found it. */
const firstMark = (runs: readonly Run[]): ServerMark | null => {
  const known = runs.filter(({ header }) => header.atStart?.server)
  const [first] = known.sort((a, b) => a.header.startedAt.localeCompare(b.header.startedAt))
  return first?.header.atStart?.server ?? null
}
