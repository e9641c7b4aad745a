import { say, word } from '../../../language/say.js'
import { INVARIANTS } from '../../../sale/invariant.js'
import type { AuditDocument } from '../../documents/kept.js'
import { el, type Html, lines } from './element.js'
import { badge, command, details, names, type Place, section, table } from './parts.js'

type Judged = AuditDocument['invariants'][number]

const ORDER = ['fail', 'inconclusive', 'pass', 'untested', 'skipped']
const ATTEMPTS = 20

/** Every rule with its finding, what failed first; the evidence of what failed stands open. */
export const rulesSection = (audit: AuditDocument | null, place: Place): Html | null => {
  if (audit === null) return null
  const sorted = [...audit.invariants].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
  return section(
    place,
    'rules',
    say`Rules`,
    el('ul', { class: 'rules' }, ...sorted.map((judged) => rule(judged, place.level + 1))),
  )
}

const rule = (judged: Judged, level: number): Html => {
  const { id, verdict, message, onlyWarns } = judged
  const evidence = evidenceOf(judged)
  const shown = evidence.length === 0 ? null : el('div', { class: 'evidence' }, ...evidence)
  return el(
    'li',
    { class: verdict },
    el(`h${level}`, {}, badge(verdict), ` ${id} `, el('small', { lang: 'zh-CN' }, INVARIANTS[id])),
    el('p', {}, onlyWarns ? say`only warns: ${message}` : message),
    verdict === 'fail' || shown === null ? shown : details(say`evidence`, shown),
  )
}

const evidenceOf = ({ verdict, evidence, observed, expected, hint, avoidedBy, next }: Judged): Html[] => {
  const measured = observed !== null && expected !== null && verdict !== 'pass'
  const told = [
    ...(measured ? [say`observed ${observed}, expected ${expected}`] : []),
    ...(hint === null ? [] : [say`cause or way out: ${hint}`]),
    ...(avoidedBy === null ? [] : [say`avoided by: ${avoidedBy}`]),
  ]
  return [
    ...told.map((text) => el('p', {}, text)),
    ...(evidence.users.length === 0
      ? []
      : [details(say`users: ${evidence.usersInAll}`, names(evidence.users, evidence.usersInAll))]),
    ...(evidence.drawing.length === 0
      ? []
      : [
          el('pre', { tabindex: 0, role: 'group', 'aria-label': say`the attempts over time` }, lines(evidence.drawing)),
        ]),
    ...(evidence.attempts.length === 0 ? [] : [details(say`attempts`, attempts(evidence.attempts))]),
    ...(next === null ? [] : [el('p', {}, say`next:`), command(next)]),
  ]
}

const attempts = (all: Judged['evidence']['attempts']): Html =>
  table({
    caption: all.length > ATTEMPTS ? say`the first ${ATTEMPTS} of ${all.length}` : say`milliseconds since the start`,
    head: [say`user`, say`units`, say`outcome`, say`sent`, say`answered`],
    rows: all
      .slice(0, ATTEMPTS)
      .map(({ user, copy, quantity, outcome, sentAtMs, doneAtMs }) => [
        copy > 0 ? `${user} (${copy + 1})` : user,
        ...[quantity, word(outcome), sentAtMs.toFixed(1), doneAtMs.toFixed(1)],
      ]),
  })
