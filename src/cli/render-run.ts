import { count, say, word } from '../language/say.js'
import type { Progress } from '../load/run.js'
import { outcomesInTheEnd } from '../report/followed.js'
import { LIMITS } from '../sale/limits.js'
import type { Outcome } from '../sale/outcome.js'
import type { Context } from './context.js'
import type { Fired } from './fired.js'
import { milliseconds, thousands } from './numbers.js'
import { loadJson, loadLines } from './render-load.js'

/** Two lines while a run goes on, or a countdown to it. */
export const liveText = ({ measures, planned, durationMs, elapsedMs, stockLeft, followed }: Progress): string => {
  const { tally, latency } = measures
  if (elapsedMs < 0 && tally.attempts === 0) return say`starts in ${milliseconds(-elapsedMs)}`
  const rate = Math.round((tally.attempts * 1_000) / Math.max(1, elapsedMs))
  const stock = stockLeft === null ? null : say`stock ${thousands(stockLeft)} left`
  const done =
    planned === null
      ? say`${thousands(tally.attempts)} attempts`
      : say`${thousands(tally.attempts)} of ${thousands(planned)} attempts`
  const time = durationMs === null ? null : say`${milliseconds(elapsedMs)} of ${milliseconds(durationMs)}`
  const came = { outcomes: tally.decidedOutcomes() }
  const outcomes = outcomesInTheEnd(tally.outcomes(), came).map(([name, n]) => `${word(name)} ${thousands(n)}`)
  if (followed && followed.counts.polls > 0) outcomes.push(count(followed.counts.polls, 'poll'))
  const times = [50, 99].map((point) => `p${point} ${latency.responseAt(point).toFixed(1)} ms`)
  const line = [done, time, `${thousands(rate)}/s`, ...times, stock].filter((part) => part !== null)
  return `${line.join('   ')}\n${outcomes.join('   ')}`
}

/** The part of the JSON document that `blast` and `simulate` share. */
export const firedJson = ({ header, path, plan, result }: Fired, unmatched: readonly unknown[]) => {
  const { tally, latency, elapsedMs } = result
  return {
    runId: header.runId,
    runFile: path,
    saleUuid: header.saleUuid,
    seed: header.seed,
    users: plan.users,
    attempts: tally.attempts,
    concurrency: header.concurrency,
    elapsedMs: Math.round(elapsedMs),
    requestsPerSecond: Math.round((tally.attempts * 1_000) / Math.max(1, elapsedMs)),
    outcomes: tally.outcomes(),
    unitsAcknowledged: tally.unitsAcknowledged,
    statusCodes: tally.statusCodes(),
    unmatched,
    timeToSellOutMs: tally.timeToSellOutMs(),
    latencyMs: latency.summary(),
    ...loadJson(result),
    interrupted: result.interrupted,
  }
}

/** The result of a run for people: what it was, a table of outcomes, how long it took. */
export const renderFired = async (context: Context, { header, plan, shape, result }: Fired): Promise<string> => {
  const { stdout } = await context.styles()
  const { tableOf } = await import('./style.js')
  const { tally, elapsedMs } = result
  const { response, byOutcome } = result.latency.summary()
  const row = (name: string, count: number, { p50, p99, max }: { p50: number; p99: number; max: number }) => [
    name,
    thousands(count),
    `${((100 * count) / Math.max(1, tally.attempts)).toFixed(1)} %`,
    ...[p50, p99, max].map((ms) => ms.toFixed(1)),
  ]
  const rows = Object.entries(tally.outcomes()).map(([outcome, count]) =>
    row(word(outcome), count, byOutcome[outcome as Outcome] ?? response),
  )
  const table = tableOf(
    [say`outcome`, say`attempts`, say`share`, 'p50 ms', 'p99 ms', say`max ms`],
    [...rows, row(say`all`, tally.attempts, response)],
    { numbers: [1, 2, 3, 4, 5] },
  )
  const rate = Math.round((tally.attempts * 1_000) / Math.max(1, elapsedMs))
  const soldOut = tally.timeToSellOutMs()
  return [
    say`${stdout.bold(header.target)}: ${plan.users === LIMITS.users[1] ? say`no end of` : thousands(plan.users)} users, concurrency ${header.concurrency}, seed ${header.seed}`,
    table,
    say`${thousands(tally.attempts)} attempts in ${milliseconds(elapsedMs)}, ${thousands(rate)}/s; ${thousands(tally.unitsAcknowledged)} units acknowledged` +
      (soldOut === null ? '' : say`; sold out after ${milliseconds(soldOut)}`) +
      (result.interrupted ? stdout.yellow(say`; interrupted`) : ''),
    ...loadLines(shape, result),
  ].join('\n')
}
