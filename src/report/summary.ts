import type { Percentiles } from '../history/histogram.js'
import { fireAgain } from '../history/repeat.js'
import type { LoadFacts, RunMeta } from '../history/run.js'
import { milliseconds } from '../language/numbers.js'
import { say } from '../language/say.js'
import type { Outcome } from '../sale/outcome.js'
import { managerSentence, type People, toldText } from '../sale/people.js'
import type { AuditDocument, RaceDocument } from './documents/kept.js'
import type { RunFigures } from './figures.js'

/** Everything that a report shows of a run, as plain data. */
export interface RunSummary extends RunFigures {
  readonly runId: string
  readonly runFile: string
  readonly firedBy: 'blast' | 'simulate' | 'buy'
  readonly startedAt: string
  readonly sale: string
  readonly saleUuid: string | null
  /** URL, or `strategy NAME`. */
  readonly target: string
  readonly seed: number
  readonly concurrency: number
  /** False where the log ends early. */
  readonly complete: boolean
  readonly interrupted: boolean | null
  readonly tornBytes: number
  readonly elapsedMs: number | null
  readonly requestsPerSecond: number | null
  /** How the load was produced; null in logs that do not tell. */
  readonly load: LoadFacts | null
  readonly environment: Environment | null
  /** The commands that make the same attempts once more; null where nothing can. */
  readonly repeat: string | null
  readonly audit: AuditDocument | null
  readonly race: RaceDocument | null
}

interface Environment {
  readonly seckill: string
  readonly node: string
  readonly platform: string
  readonly cores: number
  readonly redis: string | null
  /** `Redis 7.0.15`; null where it did not tell. */
  readonly server: string | null
}

/** Puts together what is known of a run. */
export const summarise = (
  { path, header, footer, tornBytes }: RunMeta,
  figures: RunFigures,
  { audit, race }: Pick<RunSummary, 'audit' | 'race'>,
): RunSummary => {
  const { runId, command, startedAt, sale, saleUuid, target, seed, concurrency, environment, atStart } = header
  const elapsedMs = footer === null ? null : Math.round(footer.elapsedMs)
  const again = command === 'buy' ? null : fireAgain(header, figures.asked)
  return {
    ...{ runId, runFile: path, firedBy: command, startedAt, sale, saleUuid, target, seed, concurrency },
    ...{ complete: footer !== null, interrupted: footer?.interrupted ?? null, tornBytes, elapsedMs },
    requestsPerSecond: elapsedMs === null ? null : Math.round((figures.attempts * 1_000) / Math.max(1, elapsedMs)),
    load: footer?.load ?? null,
    environment: environment ? { ...environment, server: atStart?.server?.version ?? null } : null,
    repeat: audit?.reproduce ?? again,
    ...figures,
    ...{ audit, race },
  }
}

/** How many were told that they won, at once or by a decision. */
export const winnersTold = ({ outcomes, followed }: Pick<RunSummary, 'outcomes' | 'followed'>): number =>
  (outcomes.sold ?? 0) + (followed?.outcomes.sold ?? 0)

/** What a manager reads: the verdict in a sentence, then how fast it went. */
export const openingOf = (run: RunSummary): string[] => {
  const { audit, timeToSellOutMs, latencyMs, followed } = run
  const waited = followed?.decisionByOutcome.sold
  const winners = waited ?? latencyMs.byOutcome.sold
  const soldOut = timeToSellOutMs === null ? null : milliseconds(timeToSellOutMs)
  const p99 = winners === undefined ? null : milliseconds(winners.p99)
  const speed = p99 === null ? [] : [speedText(soldOut, p99, waited !== undefined)]
  return [
    audit === null ? say`${toldText(winnersTold(run))}; nobody has judged yet whether that is right.` : judged(audit),
    ...speed,
  ]
}

const speedText = (soldOut: string | null, p99: string, waited: boolean): string => {
  if (waited)
    return soldOut === null
      ? say`99 % of the winners knew within ${p99}.`
      : say`Sold out in ${soldOut}; 99 % of the winners knew within ${p99}.`
  return soldOut === null ? say`Winners’ p99 ${p99}.` : say`Sold out in ${soldOut}; winners’ p99 ${p99}.`
}

const judged = ({ verdict, stock, people }: AuditDocument): string =>
  managerSentence(
    verdict,
    { initial: stock.initial, recorded: stock.sold, remaining: stock.remaining },
    peopleIn(people),
  )

const peopleIn = ({ told, waiting = 0, sorry, twice, refused, contradicted }: AuditDocument['people']): People => {
  const named = ({ users, usersInAll }: { users: string[]; usersInAll: number }) => ({ users, inAll: usersInAll })
  return {
    ...{ told, waiting, sorry: named(sorry), twice: named(twice) },
    ...{ refused: named(refused), contradicted: named(contradicted) },
  }
}

/** Percentiles of each outcome, the most frequent first. */
export const latencyRows = ({ outcomes, latencyMs }: RunSummary) =>
  Object.entries(latencyMs.byOutcome)
    .map(([outcome, at]: [string, Percentiles]) => ({
      ...{ outcome: outcome as Outcome, count: outcomes[outcome as Outcome] ?? 0, at },
    }))
    .sort((a, b) => b.count - a.count)
