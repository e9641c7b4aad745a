import type { InvariantId } from '../sale/invariant.js'
import type { RecordsType } from '../sale/layout.js'
import { ofSale, type Sale } from '../sale/sale.js'
import { shellWord } from '../sale/shell-word.js'
import type { Ledger } from './ledger.js'
import type { Place } from './order/testimony.js'

/** `inconclusive`: a witness is missing or still moving. `untested`: the load never put the rule to the test. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'untested' | 'skipped'

/** What a rule found. */
export interface Finding {
  readonly verdict: Verdict
  /** One sentence, for people. */
  readonly message: string
  readonly observed: string | number | null
  readonly expected: string | number | null
  readonly users: readonly string[]
  readonly keys: readonly string[]
  /** The attempts that show it, where a rule knows them better than by their users. */
  readonly places: readonly Place[]
  /** Those attempts over time, drawn in lines of text. */
  readonly drawing: readonly string[]
  /** The usual cause and what avoids it; null where there is nothing to mend. */
  readonly hint: string | null
  /** The command to try next. */
  readonly next: string | null
}

/** Which witnesses a rule cannot do without. */
export type Witness = 'store' | 'run'

/** One invariant. `check` is called only with the witnesses it needs. */
export interface Rule {
  readonly id: InvariantId
  readonly needs: readonly Witness[]
  check(sale: Sale, ledger: Ledger): Finding
  /** A violation that what clients were told proves on its own, whatever the store says; null where there is none. */
  provedByRun?(sale: Sale, ledger: Ledger): Finding | null
}

type Details = Partial<Omit<Finding, 'verdict' | 'message'>>

const finding = (verdict: Verdict, message: string, details: Details = {}): Finding => ({
  ...{
    verdict,
    message,
    observed: null,
    expected: null,
    users: [],
    keys: [],
    places: [],
    drawing: [],
    hint: null,
    next: null,
  },
  ...details,
})

export const pass = (message: string, details?: Details): Finding => finding('pass', message, details)
export const fail = (message: string, details?: Details): Finding => finding('fail', message, details)
export const inconclusive = (message: string, details?: Details): Finding => finding('inconclusive', message, details)
export const untested = (message: string, details?: Details): Finding => finding('untested', message, details)
export const skipped = (message: string, details?: Details): Finding => finding('skipped', message, details)

export { nameSome } from '../sale/names.js'

/** The command that shows a purchase which no order of commands breaks, for this layout; it touches nothing of the sale. */
export const trySafely = (sale: Sale): string => `seckill race --strategy ${safeStrategy(sale)}`

/** The strategy that breaks no rule, on a stock like this one. */
export const safeStrategy = ({ places }: Sale): 'list-lua' | 'counter-lua' =>
  places.stock.type === 'list' ? 'list-lua' : 'counter-lua'

const LOOK_UP: Partial<Record<RecordsType, string>> = { hash: 'HGET', list: 'LPOS', set: 'SISMEMBER', zset: 'ZSCORE' }

/** The command that shows a user's record; where no single one does, all of the sale's. */
export const lookUp = (sale: Sale, user: string): string => {
  const { places, keys } = sale
  const [place] = places.records
  const command = place?.user === null ? LOOK_UP[place.type] : undefined
  return command === undefined
    ? `seckill status${ofSale(sale)}`
    : `redis-cli ${command} ${shellWord(keys.records)} ${shellWord(user)}`
}
