import type { InvariantId } from '../sale/invariant.js'
import type { Sale } from '../sale/sale.js'
import type { AuditResult } from './audit.js'
import { recordsNowhere } from './other-keys.js'

/** Once broken they stay broken, however long one waits. */
export const STAY_BROKEN: ReadonlySet<InvariantId> = new Set<InvariantId>([
  'no-oversell',
  'no-negative-stock',
  'one-record-per-user',
  'one-success-per-user',
  'purchase-limit',
])

/** They fail as long as a record is still to come. */
const MENDED_BY_RECORDS: ReadonlySet<InvariantId> = new Set<InvariantId>([
  'conservation',
  'acknowledged-is-recorded',
  'reserved-is-recorded',
])

/**
 * Whether what fails may only be late: a shop may write its records behind its answers. Our own strategies, known by their
 * strict "sold out", never do.
 */
export const mayBeLate = (sale: Sale, { invariants, ledger }: AuditResult): boolean => {
  const { runs } = ledger
  const failed = invariants.filter(({ verdict, onlyWarns }) => verdict === 'fail' && !onlyWarns)
  return (
    (failed.some(({ id }) => MENDED_BY_RECORDS.has(id)) || recordsNowhere(sale, ledger) !== null) &&
    !failed.some(({ id }) => STAY_BROKEN.has(id)) &&
    (runs.length === 0 || runs.some(({ header }) => !header.strictSoldOut))
  )
}
