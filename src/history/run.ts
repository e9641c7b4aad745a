import type { StockSamples } from '../sale/final-state.js'
import type { Outcome } from '../sale/outcome.js'
import type { ServerMark } from '../sale/server-facts.js'
import type { UserNaming } from '../sale/usernames.js'
import type { AnswerGroup } from './attempt.js'
import type { AttemptTable } from './attempt-table.js'
import type { DecisionTable } from './decision-table.js'

export const RUN_FORMAT = 'seckill-run'
/** 2: time to connect, names in chunks of their own. 3: what became of queued attempts. */
export const RUN_VERSION = 3

/** What was known when the run began. */
export interface RunHeader {
  readonly format: typeof RUN_FORMAT
  readonly version: number
  readonly runId: string
  readonly command: 'blast' | 'simulate' | 'buy'
  readonly startedAt: string
  readonly sale: string
  /** The sale's uuid, or null where no sale of ours was found. */
  readonly saleUuid: string | null
  /** URL without credentials, or `strategy NAME`. */
  readonly target: string
  readonly seed: number
  readonly users: UserNaming
  readonly concurrency: number
  readonly timeoutMs: number
  /** What was planned for this time at the start is counted, and not measured. Absent where there was no warm-up. */
  readonly warmupMs?: number
  /** The shop says "sold out" only where nothing is left, as our own strategies do. Absent where that is not known. */
  readonly strictSoldOut?: boolean
  /**
   * Nor does it tell a buyer anything about the stock but "already bought", as one script can promise: reads in several
   * commands cannot. Absent where that is not known.
   */
  readonly duplicatesFirst?: boolean
  /** Stock and records before the first attempt; null where Redis was not readable. */
  readonly atStart: StartState | null
  /** The flags of `blast` that shaped the load, such as `--burst`; absent for a plain closed loop and in older logs. */
  readonly loadFlags?: string
  /** Attempts that were told "queued" are followed to their decision. Absent where they are not, and in older logs. */
  readonly followed?: boolean
  /** What fired; absent in older logs. */
  readonly environment?: RunEnvironment
}

/** The machine and the programs of a run. */
export interface RunEnvironment {
  readonly seckill: string
  readonly node: string
  /** `linux x64`. */
  readonly platform: string
  readonly cores: number
  /** Where Redis was, without credentials; null for a run without it. */
  readonly redis: string | null
}

export interface StartState {
  readonly remaining: number | null
  readonly records: number
  /** The recorded users, where there were at most {@link MAX_BASELINE}; else null. */
  readonly users: readonly string[] | null
  /** Units of each of {@link users}, by the key of the place of records: null where unreadable. Absent in older logs. */
  readonly units?: Readonly<Record<string, readonly (number | null)[]>>
  /** The Redis server as it was; null where it does not tell, absent in older logs. */
  readonly server?: ServerMark | null
}

export const MAX_BASELINE = 1_000

/** What was known when the run ended. */
export interface RunFooter {
  readonly endedAt: string
  readonly elapsedMs: number
  readonly interrupted: boolean
  readonly attempts: number
  readonly outcomes: Partial<Record<Outcome, number>>
  /** The lowest stock seen while it ran; null without a sample. */
  readonly stock: StockSamples | null
  /** How the load was produced; absent in older logs. */
  readonly load?: LoadFacts
  /** What following queued attempts took; absent where nobody followed them, and in older logs. */
  readonly followed?: FollowFacts
}

export interface FollowFacts {
  /** Attempts whose answer held no ticket, or that were too many at once: nobody asked after them. */
  readonly notFollowed: number
  /** Requests that asked; they are in no other figure. */
  readonly polls: number
  /** Polls that were told to come later. */
  readonly throttled: number
  /** Why polls brought no answer, the most frequent first. */
  readonly failures: readonly { readonly count: number; readonly reason: string }[]
  /** Answers to polls that no rule knows, likewise. */
  readonly unmatched: readonly { readonly count: number; readonly sample: string }[]
}

/** What the generator says of the load and of itself. Times in ms. */
export interface LoadFacts {
  readonly model: 'closed' | 'open' | 'burst'
  /** Attempts; of an open load those that came due. */
  readonly planned: number
  /** Of an open load: left more than 10 ms after their time; came due and never left. */
  readonly late: number
  readonly dropped: number
  /** Attempts of the warm-up, which are not in the times. */
  readonly warmingUp: number
  readonly generator: GeneratorFigures
  /** Within what time a burst was let go; null for other loads. */
  readonly burst: { readonly releaseSpreadMs: number; readonly p50Ms: number; readonly p99Ms: number } | null
}

/** Whether the figures can be believed, and why. */
export interface GeneratorFigures {
  readonly verdict: 'valid' | 'suspect' | 'invalid'
  readonly reasons: readonly string[]
  /** Cores that it used. */
  readonly cpu: number
  /** Share of the time that its busiest event loop was at work. */
  readonly utilisation: number
  readonly eventLoopDelayP99Ms: number
  readonly sendLagP99Ms: number
  /** TCP segments of the whole machine; null where it does not tell. */
  readonly retransmits: number | null
}

/** A run as read back from its log. */
export interface Run {
  readonly path: string
  readonly header: RunHeader
  readonly attempts: AttemptTable
  readonly groups: readonly AnswerGroup[]
  /** What attempts that were told "queued" came to, as far as they were followed; absent in what is no log as read. */
  readonly decisions?: DecisionTable
  /** Null where the log ends early: the run goes on, it crashed, or the file was cut. */
  readonly footer: RunFooter | null
  /** Bytes at the end that are no whole chunk, and were skipped. */
  readonly tornBytes: number
}

/** A run without its attempts. */
export type RunMeta = Omit<Run, 'attempts'>
