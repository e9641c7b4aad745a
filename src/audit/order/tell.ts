import type { Run } from '../../history/run.js'
import { say } from '../../language/say.js'
import { userNamer } from '../../sale/usernames.js'
import { type Bar, draw } from '../draw.js'
import type { DisorderKind } from './cases.js'
import { spansOf } from './spans.js'
import type { Place } from './testimony.js'

/** The user of an attempt. */
export const nameAt = (runs: readonly Run[], { run, row }: Place): string => {
  const { header, attempts } = runs[run] as Run
  return userNamer(header.users)(attempts.userIndex[row] as number)
}

/** What happened to users, the usual cause, and what to say beside the attempt that cannot be explained. */
interface Words {
  told(who: string): string
  cause(): string
  note(): string
}

export const WORDS: Readonly<Record<DisorderKind, Words>> = {
  'premature-refusal': {
    told: (who) => say`${who} told that too little is left, while enough was`,
    cause: () =>
      say`units were on their way back (decrement, then undo), or a stale stock was read: decide and decrement in one script`,
    note: () => say`refused, with all these units still to be had`,
  },
  'early-duplicate': {
    told: (who) => say`${who} told "already bought" before their purchase had begun`,
    cause: () =>
      say`the claim is written before the stock is checked and withdrawn later: claim and decrement in one script`,
    note: () => say`told "already bought"`,
  },
  'phantom-duplicate': {
    told: (who) => say`${who} told "already bought", yet no purchase of theirs explains it`,
    cause: () =>
      say`the claim is written before the stock is checked and withdrawn later: claim and decrement in one script`,
    note: () => say`told "already bought"`,
  },
  'refused-buyer': {
    told: (who) => say`${who} told that too little is left, though their own purchase came first`,
    cause: () => say`the stock is looked at before the records: look into the records first, in the same script`,
    note: () => say`refused, though a buyer`,
  },
  'double-purchase': {
    told: (who) => say`${who} told "sold" more often than one user may buy`,
    cause: () => say`the look into the records and the write are two commands: a double click passes between them`,
    note: () => say`sold again`,
  },
  oversell: {
    told: (who) => say`${who} told "sold" when nothing can have been left`,
    cause: () => say`the check of the stock and its decrement are two commands: do both in one script`,
    note: () => say`nothing was left`,
  },
}

const MAX_BARS = 8

/** The attempts of a case over time, in the order of their starts; the first one is the one that cannot be explained. */
export const drawCase = (runs: readonly Run[], places: readonly Place[], note: string): string[] => {
  const spans = spansOf(runs)
  const bars = places.slice(0, MAX_BARS).map((place, i): Bar => {
    const { attempts } = runs[place.run] as Run
    const outcome = attempts.outcomeAt(place.row)
    const times = {
      sentUs: spans[place.run]?.sentUs(place.row) ?? 0,
      // An attempt without an answer may take effect at any time after.
      doneUs: outcome === 'unknown' ? Number.POSITIVE_INFINITY : (spans[place.run]?.doneUs(place.row) ?? 0),
    }
    const label = `${nameAt(runs, place)} ${outcome} ${attempts.quantity[place.row]}`
    return i === 0 ? { label, ...times, note } : { label, ...times }
  })
  return bars.length === 0 ? [] : draw(bars.sort((a, b) => a.sentUs - b.sentUs))
}
