import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditResult } from '../audit/audit.js'
import { mayBeLate, STAY_BROKEN } from '../audit/late.js'
import { EXIT } from '../errors.js'
import { say, word } from '../language/say.js'
import type { RedisClient } from '../redis/client.js'
import type { RecordSource } from '../sale/final-state.js'
import type { InvariantSwitches } from '../sale/invariant.js'
import type { RecordsPlace } from '../sale/layout.js'
import type { Sale } from '../sale/sale.js'
import { gapMs, outsideOf, ownQueueOf, type ReadOutside, surroundings, tell } from './audit-look.js'
import { type Heard, quietAfterMs } from './audit-runs.js'
import type { CommandResult, Context } from './context.js'
import type { Looked } from './render-audit.js'
import { requireScannable } from './user-keys.js'

/** Orders outside Redis are read no more often: a query costs the shop's database more than a look at Redis. */
const ORDERS_MS = 5_000
/** Of a command that prints orders. */
const SLOW_ORDERS_MS = 30_000
/** What may only be late is called broken once nothing has changed for so long, as in an audit. */
const SURE_MS = 3_000

export interface Watch {
  readonly context: Context
  readonly client: RedisClient
  readonly sale: Sale
  /** The runs as they are now. */
  readonly hear: () => Promise<Heard>
  readonly switches: InvariantSwitches
  readonly intervalMs: number
}

/** Judges a live sale again and again, a line (or a JSON document) for each change, until it is interrupted. */
export const watchAudit = async (watch: Watch): Promise<CommandResult> => {
  const { context, client, sale, intervalMs } = watch
  const { interrupted } = context
  requireScannable(client, sale)
  const judge = await judgeOf(watch)
  let told = ''
  do {
    const change = await judge().catch((error: unknown) => {
      if (!interrupted.aborted) throw error
      return null
    })
    const text = JSON.stringify(change)
    if (change !== null && text !== told) {
      if (context.json) context.document({ at: new Date().toISOString(), ...change })
      else context.print(`${new Date().toTimeString().slice(0, 8)}  ${lineOf(change)}`)
    }
    told = text
    await sleep(intervalMs, undefined, { signal: interrupted }).catch(() => {})
  } while (!interrupted.aborted)
  return { json: null, exitCode: EXIT.ok }
}

/** Looks and judges once; each call knows what the one before saw. */
const judgeOf = async ({ context, client, sale, hear, switches }: Watch): Promise<() => Promise<Change>> => {
  const [{ audit }, { lookAt }, { readFinalState }] = await Promise.all([
    import('../audit/audit.js'),
    import('../store/settle.js'),
    import('../store/snapshot.js'),
  ])
  const { redis } = client
  const firstWording = wordings()
  const own = await ownQueueOf(sale)
  const orders = seldom(await outsideOf(context, sale, SLOW_ORDERS_MS))
  let before: string | null = null
  let sinceMs = 0
  return async () => {
    const nowMs = performance.now()
    const { runs, gap } = await hear()
    const { seen, waiting } = await lookAt(redis, sale.places, sale.keys)
    const state = await readFinalState(redis, sale.places, { outside: orders.read, own })
    const found = await surroundings(client, sale, runs ?? [])
    const around = { ...found, warnings: found.warnings.map(firstWording) }
    await tell(context, client, before === null ? around : { ...around, remarks: [] })
    if (seen !== before) sinceMs = nowMs
    before = seen
    const { lost } = around
    const result = audit({ sale, state, moving: null, lost, nowMs: Date.now(), runs, gap, switches })
    const stillMs = nowMs - sinceMs
    const isStill =
      waiting === null &&
      stillMs >= (mayBeLate(sale, result) ? SURE_MS : gapMs(sale, runs ?? [])) &&
      quietAfterMs(runs ?? []) === 0 &&
      orders.readAtMs() >= sinceMs
    return changeOf(sale, result, isStill, { ...around, gap })
  }
}

/** Reads each place again once what is known of it is old. */
const seldom = (read: ReadOutside) => {
  const known = new Map<RecordsPlace, { readonly atMs: number; readonly source: RecordSource | null }>()
  return {
    read: async (place: RecordsPlace): Promise<RecordSource | null> => {
      const last = known.get(place)
      const atMs = performance.now()
      if (last !== undefined && atMs - last.atMs < ORDERS_MS) return last.source
      const source = await read(place)
      known.set(place, { atMs, source })
      return source
    },
    /** When the oldest of what is known was read; milliseconds, monotonic. */
    readAtMs: () => Math.min(...[...known.values()].map(({ atMs }) => atMs)),
  }
}

/** A warning whose figures go on counting stays as it was first said: it is no news. */
const wordings = () => {
  const known = new Map<string, string>()
  return (warning: string): string => {
    const kind = warning.replace(/\d+/g, '#')
    const first = known.get(kind) ?? warning
    known.set(kind, first)
    return first
  }
}

type Change = ReturnType<typeof changeOf>

const changeOf = (
  sale: Sale,
  { verdict, invariants, ledger }: AuditResult,
  still: boolean,
  { lost, gap, warnings }: Pick<Looked, 'lost' | 'warnings'> & Pick<Heard, 'gap'>,
) => {
  const failed = invariants.filter(
    (judged) => judged.verdict === 'fail' && !judged.onlyWarns && (still || STAY_BROKEN.has(judged.id)),
  )
  return {
    sale: sale.id,
    still,
    /** Null while the sale moves and nothing is proved. */
    verdict: failed.length > 0 ? 'fail' : still ? verdict : null,
    stock: { initial: sale.initial, remaining: ledger.state?.remaining ?? null },
    recorded: ledger.recordedUnits,
    acknowledged: ledger.acknowledgedUnits,
    failed: failed.map(({ id, message }) => ({ id, message })),
    ...{ lost, gap, warnings },
  }
}

const lineOf = ({ still, verdict, stock, recorded, acknowledged, failed, lost, gap }: Change): string => {
  const figures = say`${stock.remaining ?? '?'} left, ${recorded} recorded, ${acknowledged} acknowledged`
  const [first] = failed
  const why = verdict === 'inconclusive' ? (lost ?? gap) : null
  const others = failed.length > 1 ? say` (and ${failed.length - 1} more)` : ''
  const so = verdict === null ? say`no violation so far` : word(verdict)
  const judged = first
    ? say`${word('FAIL')} ${first.id}: ${first.message}${others}`
    : why === null
      ? so
      : say`${so}: ${why}`
  return `${figures}  ${still ? say`at rest: ${judged}` : judged}`
}
