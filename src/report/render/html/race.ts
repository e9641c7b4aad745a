import { count, say, word } from '../../../language/say.js'
import { INVARIANTS, type InvariantId } from '../../../sale/invariant.js'
import type { RaceDocument } from '../../documents/kept.js'
import { type Child, el, type Html } from './element.js'
import { momentText } from './opening.js'
import { badge, command, type Place, section } from './parts.js'

type Violation = RaceDocument['violations'][number]
type Step = Violation['steps'][number]

/** Timelines shown: one is enough to understand, and a search that goes on may find hundreds. */
const TIMELINES = 3

/** What exploring the orders of commands found: each order that breaks a rule, a lane for each buyer. */
export const raceSection = (race: RaceDocument | null, place: Place): Html | null => {
  if (race === null) return null
  const subject = 'url' in race ? race.url : race.strategy
  const orders = [...new Set(race.violations.map(({ flags }) => flags))]
  const executions = count(race.schedules, 'execution')
  const explored = race.exhaustive
    ? say`${subject}: all orders explored, by ${executions}`
    : say`${subject}: ${executions} so far; there are more`
  return section(
    place,
    'race',
    say`Orders of commands (race)`,
    el('p', {}, badge(race.verdict), ` ${explored}`),
    race.racedAt === undefined ? null : el('p', { class: 'alt' }, say`explored on ${momentText(race.racedAt)}`),
    ...orders.slice(0, TIMELINES).map((flags) => timeline(race, flags, place)),
    orders.length > TIMELINES ? el('p', {}, say`and ${orders.length - TIMELINES} more orders`) : null,
  )
}

const timeline = (race: RaceDocument, flags: string, { level }: Place): Html => {
  const violations = race.violations.filter((violation) => violation.flags === flags)
  const first = violations[0] as Violation
  const again = 'strategy' in race ? `seckill race --strategy ${race.strategy} ${flags}` : null
  const hints = [...new Set(violations.flatMap(({ hint }) => hint ?? []))]
  return el(
    'div',
    {},
    ...violations.map(({ invariant, message }) =>
      el('div', {}, el(`h${level + 1}`, {}, `${invariant} `, nameOf(invariant)), el('p', {}, message)),
    ),
    ...hints.map((hint) => el('p', {}, say`cause or way out: ${hint}`)),
    lanes(first),
    again === null ? null : command(again),
  )
}

const nameOf = (invariant: string): Child =>
  invariant in INVARIANTS ? el('small', { lang: 'zh-CN' }, INVARIANTS[invariant as InvariantId]) : ''

/** Time runs down, a column for each buyer, the stock on the right. */
const lanes = ({ setting, steps, outcomes }: Violation): Html => {
  const buyers = setting.users.map((user, i) => {
    const twins = setting.users.flatMap((other, k) => (other === user ? [k] : []))
    return twins.length > 1 ? `${user} (${twins.indexOf(i) + 1})` : user
  })
  const heads = buyers.map((name, i) => say`${name}: ${count(setting.quantities[i] ?? 0, 'unit')}`)
  const last = (buyer: number) => steps.findLastIndex((step) => step.buyer === buyer)
  const head = ['#', ...heads, say`stock`]
  const th = (text: string) => el('th', { scope: 'col', role: 'columnheader' }, text)
  const row = (step: Step, i: number) =>
    el(
      'tr',
      { role: 'row' },
      el('th', { scope: 'row', role: 'rowheader' }, i + 1),
      ...buyers.map((_, buyer) => {
        const ended = i === last(buyer + 1) ? outcomes[buyer] : null
        const acts = step.buyer === buyer + 1 || (step.buyer === null && buyer === 0)
        const content = acts
          ? [
              el('code', {}, step.reply === '' ? step.command : `${step.command} → ${step.reply}`),
              ended ? el('span', { class: 'told' }, say`told: ${word(ended)}`) : null,
            ]
          : []
        return el(
          'td',
          { role: 'cell', class: acts ? 'act' : null, 'data-label': acts ? (head[buyer + 1] as string) : null },
          content,
        )
      }),
      el(
        'td',
        { role: 'cell', class: (step.stock ?? 0) < 0 ? 'minus' : null, 'data-label': say`stock` },
        step.stock ?? '?',
      ),
    )
  return el(
    'table',
    { class: 'cards lanes', role: 'table' },
    el('caption', {}, say`commands in the order in which Redis ran them; ${setting.stock} in stock at first`),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...head.map(th))),
    el('tbody', { role: 'rowgroup' }, ...steps.map(row)),
  )
}
