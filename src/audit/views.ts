import { say } from '../language/say.js'
import { maskSecrets } from '../sale/mask-secrets.js'
import type { Sale } from '../sale/sale.js'
import type { Finding, Verdict } from './finding.js'
import type { AuditInput } from './input.js'
import type { Ledger } from './ledger.js'

/** The sale as one of its places of records has it: each of them has to hold the whole truth. */
export interface View {
  readonly input: AuditInput
  readonly ledger: Ledger
}

/** One input for each place of records that was read; the input itself where there is one or none. */
export const inputsByRecords = (input: AuditInput): AuditInput[] => {
  const { sale, state } = input
  if (state === null || state.records.length < 2) return [input]
  return state.records.map((source) => ({
    ...input,
    sale: saleBeside(sale, source.key),
    state: { ...state, records: [source] },
  }))
}

const saleBeside = (sale: Sale, key: string): Sale => ({
  ...sale,
  keys: { ...sale.keys, records: key },
  places: {
    ...sale.places,
    records: sale.places.records.filter((place) => [place.key, maskSecrets(place.key)].includes(key)),
  },
})

/** From worst to best. */
const ORDER: readonly Verdict[] = ['fail', 'inconclusive', 'pass', 'untested', 'skipped']

/** What a rule found in each view, as one finding: the worst, with the place that it speaks of. */
export const worstOf = (findings: readonly { readonly place: string; readonly finding: Finding }[]): Finding => {
  const verdicts = findings.map(({ finding }) => finding.verdict)
  const worst = ORDER.find((verdict) => verdicts.includes(verdict)) as Verdict
  const those = findings.filter(({ finding }) => finding.verdict === worst)
  const first = (those[0] as (typeof those)[number]).finding
  const messages = new Set(those.map(({ finding }) => finding.message))
  if (findings.length === 1 || (messages.size === 1 && those.length === findings.length)) return first
  return {
    ...first,
    message: those.map(({ place, finding }) => say`${place}: ${finding.message}`).join(say`; `),
    users: [...new Set(those.flatMap(({ finding }) => finding.users))],
    keys: [...new Set(those.flatMap(({ finding }) => finding.keys))],
  }
}
