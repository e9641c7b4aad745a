import { milliseconds, thousands } from '../../../language/numbers.js'
import { say } from '../../../language/say.js'
import { decidedIn } from '../../followed.js'
import { openingOf, type RunSummary, winnersTold } from '../../summary.js'
import { el, type Html } from './element.js'
import { badge, type Place } from './parts.js'

/** `2026-11-26 07:23:11 UTC`. */
export const momentText = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`

const kicker = (run: RunSummary): string => `${say`Sale ${run.sale}`} · ${run.target} · ${momentText(run.startedAt)}`

/** What a manager reads: the sentence, the verdict, the figures. */
export const opening = (run: RunSummary, { level, id }: Place): Html[] => {
  const [sentence, ...speed] = openingOf(run)
  const { audit } = run
  const tested = audit === null ? '' : say`${audit.tested} of ${audit.rules} rules tested`
  return [
    el('p', { class: 'kicker' }, kicker(run)),
    badge(audit?.verdict ?? 'none'),
    el('span', { class: 'alt' }, tested === '' ? '' : ` ${tested}`),
    el(`h${level}`, { id }, sentence as string),
    ...speed.map((text) => el('p', { class: 'lead' }, text)),
    tiles(run),
  ]
}

const tiles = (run: RunSummary): Html => {
  const { audit, latencyMs, followed } = run
  const left = audit?.stock.remaining
  const shown: [string, string, boolean?][] = [
    ...(audit === null
      ? []
      : ([
          [say`units for sale`, thousands(audit.stock.initial)],
          [say`units recorded as sold`, thousands(audit.stock.sold), audit.stock.sold > audit.stock.initial],
          [say`units left`, left === null || left === undefined ? '?' : thousands(left), (left ?? 0) < 0],
        ] as [string, string, boolean?][])),
    [say`told that they won`, thousands(winnersTold(run))],
    [say`attempts`, thousands(run.attempts)],
    ...(run.requestsPerSecond === null
      ? []
      : ([[say`attempts per second`, thousands(run.requestsPerSecond)]] as [string, string][])),
    ...(run.timeToSellOutMs === null
      ? []
      : ([[say`until sold out`, milliseconds(run.timeToSellOutMs)]] as [string, string][])),
    [say`p99 of all answers`, milliseconds(latencyMs.response.p99)],
    ...(followed === null || decidedIn(followed) === 0
      ? []
      : ([[say`p99 until decided`, milliseconds(followed.decisionMs.p99)]] as [string, string][])),
  ]
  return el(
    'ul',
    { class: 'tiles', 'aria-label': say`Figures` },
    ...shown.map(([name, value, alarm]) =>
      el('li', { class: alarm ? 'alarm' : null }, el('b', {}, value), el('span', {}, name)),
    ),
  )
}
