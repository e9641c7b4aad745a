import { thousands } from '../../../language/numbers.js'
import { say } from '../../../language/say.js'
import { orderFiguresText } from '../../../sale/order-figures.js'
import type { AuditDocument } from '../../documents/kept.js'
import { el, type Html } from './element.js'
import { command, namesOf, type Place, section } from './parts.js'

/** Stock and records as an equation and a bar, whom it hurt, and which witnesses disagree. */
export const verdictSection = (audit: AuditDocument | null, place: Place): Html => {
  const title = say`The verdict`
  if (audit === null) {
    return section(
      place,
      'verdict',
      title,
      el('p', {}, say`Nobody judged this run yet. Judge it, then write the report again:`),
      command('seckill audit'),
    )
  }
  const { people, witnesses } = audit
  return section(
    place,
    'verdict',
    title,
    ...balance(audit.stock),
    audit.orders === null ? null : el('p', {}, orderFiguresText(audit.orders)),
    ...witnesses.disagreements.map(({ message }) => el('p', {}, say`Witnesses disagree: ${message}`)),
    namesOf(say`To apologise to`, people.sorry.users, people.sorry.usersInAll),
    namesOf(say`Won twice`, people.twice.users, people.twice.usersInAll),
    namesOf(say`Refused what was there`, people.refused.users, people.refused.usersInAll),
    namesOf(say`Told what cannot be true`, people.contradicted.users, people.contradicted.usersInAll),
    ...[...audit.warnings, ...audit.remarks].map((text) => el('p', { class: 'alt' }, text)),
  )
}

/** Units for sale against units recorded and units left. */
const balance = ({ initial, sold, remaining }: AuditDocument['stock']): Html[] => {
  if (remaining === null) return [el('p', {}, say`What is left could not be read, so nothing can be added up.`)]
  const gap = initial - sold - remaining
  const [recorded, left, all] = [sold, remaining, initial].map(thousands)
  const off = thousands(Math.abs(gap))
  const equation =
    gap === 0
      ? say`recorded ${recorded} + left ${left} = for sale ${all}`
      : gap > 0
        ? say`recorded ${recorded} + left ${left} ≠ for sale ${all}: ${off} lost`
        : say`recorded ${recorded} + left ${left} ≠ for sale ${all}: ${off} made up`
  return [
    el('p', { class: 'equation' }, equation),
    bar(initial, sold, Math.max(0, remaining)),
    keys(initial, sold, remaining, gap),
  ]
}

const bar = (initial: number, sold: number, left: number): Html => {
  const whole = Math.max(1, initial, sold + left)
  const at = (units: number) => `${((100 * units) / whole).toFixed(3)}%`
  const piece = (name: string, from: number, to: number) =>
    to > from ? el('rect', { class: name, x: at(from), y: 4, width: at(to - from), height: 26 }) : null
  const within = Math.min(sold, initial)
  const description = say`${thousands(sold)} recorded as sold and ${thousands(left)} left, of ${thousands(initial)} for sale`
  return el(
    'svg',
    { class: 'bar', role: 'img', 'aria-label': description },
    el('rect', { class: 'rail', x: 0, y: 4, width: '100%', height: 26 }),
    piece('sold', 0, within),
    piece('over', within, sold),
    piece('left', sold, sold + left),
    piece('gap', sold + left, initial),
    el('line', { class: 'mark', x1: at(initial), x2: at(initial), y1: 0, y2: 34 }),
  )
}

const keys = (initial: number, sold: number, remaining: number, gap: number): Html => {
  const shown: [string, string][] = [
    ['sold', say`recorded as sold`],
    ...(sold > initial
      ? ([['over', say`sold beyond the stock: ${thousands(sold - initial)}`]] as [string, string][])
      : []),
    ...(remaining > 0 ? ([['left', say`left: ${thousands(remaining)}`]] as [string, string][]) : []),
    ...(gap > 0 && remaining >= 0 ? ([['gap', say`lost: ${thousands(gap)}`]] as [string, string][]) : []),
  ]
  return el('ul', { class: 'keys' }, ...shown.map(([name, text]) => el('li', {}, el('i', { class: name }), text)))
}
