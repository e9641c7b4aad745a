import { count, say, word } from '../language/say.js'
import { lackTexts } from '../report/followed.js'
import type { Outcome } from '../sale/outcome.js'
import type { Context } from './context.js'
import { milliseconds, thousands } from './numbers.js'
import { followedLines } from './poll.js'
import { followedIn } from './run-figures.js'
import type { Summary } from './sum-up.js'

/** A run for people: what it was, a table of outcomes, the time to connect, how it ended. */
export const renderSummary = async (context: Context, summary: Summary): Promise<string> => {
  const { meta, measures } = summary
  const { stdout } = await context.styles()
  const { tableOf } = await import('./style.js')
  const { header, footer, attempts } = meta
  const outcomes = measures.tally.outcomes()
  const { response, service, connect, byOutcome } = measures.latency.summary()
  const row = (name: string, count: number | null, { p50, p99, max }: typeof response) => [
    name,
    count === null ? '' : thousands(count),
    ...[p50, p99, max].map((ms) => ms.toFixed(1)),
  ]
  const told = Object.entries(outcomes).map(([name, count]) =>
    row(word(name), count, byOutcome[name as Outcome] ?? response),
  )
  const table = tableOf(
    [say`outcome`, say`attempts`, 'p50 ms', 'p99 ms', say`max ms`],
    [...told, row(say`all`, attempts, response), row(say`service`, null, service), row(say`connect`, null, connect)],
    { numbers: [1, 2, 3, 4] },
  )
  const end =
    footer === null
      ? stdout.yellow(say`no end`)
      : `${milliseconds(footer.elapsedMs)}${footer.interrupted ? stdout.yellow(say`; interrupted`) : ''}`
  const followed = followedIn(summary)
  const decisions =
    followed === null
      ? []
      : [...followedLines(followed), ...lackTexts(followed, footer !== null, footer?.interrupted === true)]
  return [
    say`${stdout.bold(header.runId)} ${header.target}, sale ${header.sale}, concurrency ${header.concurrency}, seed ${header.seed}`,
    table,
    ...decisions,
    say`${count(attempts, 'attempt')}; began ${header.startedAt}; ${end}`,
  ].join('\n')
}
