import type { AuditResult } from '../audit/audit.js'
import { STAY_BROKEN } from '../audit/late.js'
import { EXIT } from '../errors.js'
import type { Run } from '../history/run.js'
import type { RedisClient } from '../redis/client.js'
import type { InvariantSwitches } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'
import type { CommandResult, Context } from './context.js'

/** Judges a live sale again and again, a line (or a JSON document) for each change, until it is interrupted. */
export const watchAudit = async (
  context: Context,
  { redis }: RedisClient,
  sale: Sale,
  runsOf: (sale: Sale) => Promise<readonly Run[] | null>,
  switches: InvariantSwitches,
  intervalMs: number,
): Promise<CommandResult> => {
  const [{ setTimeout: sleep }, { audit }, { lookAt }, { readFinalState }] = await Promise.all([
    import('node:timers/promises'),
    import('../audit/audit.js'),
    import('../store/settle.js'),
    import('../store/snapshot.js'),
  ])
  const { interrupted } = context
  let before = ''
  let told = ''
  do {
    const { seen, waiting } = await lookAt(redis, sale.places)
    const state = await readFinalState(redis, sale.places)
    const result = audit({ sale, state, moving: null, nowMs: Date.now(), runs: await runsOf(sale), switches })
    const change = changeOf(sale, result, seen === before && waiting === null)
    before = seen
    const text = JSON.stringify(change)
    if (text !== told) {
      if (context.json) context.document({ at: new Date().toISOString(), ...change })
      else context.print(`${new Date().toTimeString().slice(0, 8)}  ${lineOf(change)}`)
    }
    told = text
    await sleep(intervalMs, undefined, { signal: interrupted }).catch(() => {})
  } while (!interrupted.aborted)
  return { json: null, exitCode: EXIT.ok }
}

const changeOf = (sale: Sale, { verdict, invariants, ledger }: AuditResult, still: boolean) => {
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
  }
}

const lineOf = ({ still, verdict, stock, recorded, acknowledged, failed }: ReturnType<typeof changeOf>): string => {
  const figures = `${stock.remaining ?? '?'} left, ${recorded} recorded, ${acknowledged} acknowledged`
  const [first] = failed
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
  const judged = first ? `FAIL ${first.id}: ${first.message}${others}` : (verdict ?? 'no violation so far')
  return `${figures}  ${still ? 'at rest: ' : ''}${judged}`
}
