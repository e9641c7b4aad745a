import { count, say } from '../language/say.js'
import type { Sale } from '../sale/sale.js'
import { type Finding, inconclusive } from './finding.js'
import { firstOf, type Ledger } from './ledger.js'

/**
 * Buyers were told "sold", yet neither stock nor records moved since the first run, nor while anybody looked: these keys are
 * not the shop's.
 */
export const soldElsewhere = (sale: Sale, ledger: Ledger): Finding | null => {
  const start = firstOf(ledger.runs)?.header.atStart
  const orders = ledger.state?.records.reduce((sum, { users }) => sum + users.length, 0)
  if (!start || ledger.soldOrders === 0 || ledger.state?.remaining !== start.remaining || orders !== start.records)
    return null
  const seen = ledger.runs.flatMap(({ footer }) => footer?.stock ?? [])
  if (seen.some(({ lowest, last }) => lowest !== start.remaining || last !== start.remaining)) return null
  const { stock, records } = sale.keys
  return inconclusive(
    say`buyers were told "sold" ${ledger.soldOrders} times, yet neither ${stock} nor ${records} ever moved`,
    {
      keys: [stock, records],
      hint: say`the shop sells from another Redis, database or key prefix: see --redis, --stock-key, --records-key`,
    },
  )
}

/**
 * Stock of a sale that seckill did not seed has moved, yet there is no record and none was ever seen: where the key of the
 * records is misspelt it looks like that too. Null where this is not so.
 */
export const recordsNowhere = ({ uuid, initial, places, keys }: Sale, { state, runs }: Ledger): Finding | null => {
  const start = firstOf(runs)?.header.atStart
  const seen = (start?.records ?? 0) > 0 || state?.recordsProblem != null
  const some = state?.records.some(({ users }) => users.length > 0)
  if (uuid !== null || seen || some || state?.remaining == null || state.remaining === initial) return null
  if (places.records.every(({ type }) => type === 'file' || type === 'command')) return null
  return inconclusive(
    say`${state.remaining} of ${count(initial, 'unit')} are left, and there is no key ${keys.records}: who bought cannot be told`,
    {
      keys: [keys.records],
      hint: say`name the key of the records as the shop does, and its layout: see --records-key, --layout; if it is right, the shop records nothing`,
    },
  )
}
