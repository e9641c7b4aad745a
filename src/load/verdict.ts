import { say } from '../language/say.js'
import type { LoopFacts, MachineFacts } from './health.js'

/** Whether the figures of a run can be believed. */
export interface Verdict {
  readonly verdict: 'valid' | 'suspect' | 'invalid'
  /** Each says what is wrong, then what to change. */
  readonly reasons: readonly string[]
}

export interface Lost {
  readonly note: string
  readonly count: number
}

export interface GeneratorFacts {
  readonly model: 'closed' | 'open' | 'burst'
  /** The purchases are made in this process: that it is busy is what was asked for. */
  readonly inProcess: boolean
  readonly loops: readonly LoopFacts[]
  readonly machine: MachineFacts
  readonly attempts: number
  /** Of an open load: what was due, what left late, what never left; whether connections ran out. */
  readonly planned: number
  readonly late: number
  readonly dropped: number
  readonly starved: boolean
  readonly concurrency: number
  readonly sendLagP99Ms: number
  /** Why attempts found no connection, and how many. */
  readonly notSent: readonly Lost[]
  /** Why attempts that were sent got no answer, and how many. */
  readonly unanswered: readonly Lost[]
}

/** What is over sooner says more about the start than about the load. */
const SHORTEST_MS = 1_000
const PRODUCED = 0.99
const BUSY = 0.95
const LAG_P99_MS = 2
/** Of fewer attempts, the last percent is not even one. */
const FEWEST = 100
const DELAY_P99_MS = 50
const STOLEN = 0.2
const LOCAL_LIMITS: Readonly<Record<string, () => string>> = {
  EMFILE: () => say`file descriptors ran out: raise ulimit -n, or lower --concurrency`,
  ENFILE: () => say`the machine ran out of open files: lower --concurrency`,
  EADDRNOTAVAIL: () => say`local ports ran out: let connections live (keep-alive), or add --local-address`,
  ENOBUFS: () => say`socket buffers ran out: lower --concurrency`,
}

/** Notes of a connection that the other side broke. */
const BROKEN = ['ECONNRESET', 'EPIPE', 'closed', 'other side closed']
/** Shares of a burst that broke: from here on it is not the one that was asked for, and from here on hardly one at all. */
const BROKEN_SUSPECT = 0.05
const BROKEN_INVALID = 0.5

export interface GeneratorReport extends Verdict {
  /** Cores that it used. */
  readonly cpu: number
  /** Share of the time that its event loop was at work. */
  readonly utilisation: number
  readonly eventLoopDelayP99Ms: number
  readonly sendLagP99Ms: number
  readonly retransmits: number | null
}

/** Share of the time that the busiest loop was at work. */
const utilisation = ({ loops, machine }: GeneratorFacts): number =>
  Math.min(
    1,
    Math.max(0, ...loops.map(({ activeMs, waitedMs }) => activeMs - waitedMs)) / Math.max(1, machine.elapsedMs),
  )

/** Judges the generator by what it measured of itself. Pure. */
export const judgeGenerator = (facts: GeneratorFacts): Verdict => {
  const broken = brokenBurst(facts)
  const invalid = [...unproduced(facts), ...ranOut(facts), ...(broken.share >= BROKEN_INVALID ? broken.reasons : [])]
  const suspect = [
    ...(broken.share < BROKEN_INVALID ? broken.reasons : []),
    ...(facts.machine.elapsedMs < SHORTEST_MS ? [] : [...lagging(facts), ...overworked(facts)]),
  ]
  const reasons = [...invalid, ...suspect]
  return { verdict: invalid.length > 0 ? 'invalid' : suspect.length > 0 ? 'suspect' : 'valid', reasons }
}

const unproduced = ({ model, planned, late, dropped, starved, concurrency }: GeneratorFacts): string[] => {
  if (model !== 'open') return []
  // One that a hiccup made late is no rate that was missed, and in a small plan a percent by itself.
  const inTime = planned - dropped - (late === 1 ? 0 : late)
  if (inTime >= PRODUCED * planned) return []
  const share = ((100 * inTime) / Math.max(1, planned)).toFixed(1)
  const cure = starved
    ? say`all ${concurrency} connections were taken: raise --concurrency, or the target is slower than this rate`
    : say`the generator did not keep up: --workers auto, a lower --rate, or a quieter machine`
  return [say`the demanded rate was not produced: ${share} % of the attempts left within 10 ms of their time; ${cure}`]
}

const ranOut = ({ notSent }: GeneratorFacts): string[] =>
  notSent.flatMap(({ note, count }) => {
    const cure = LOCAL_LIMITS[note]
    return cure === undefined ? [] : [say`${count} attempts found no connection (${note}); ${cure()}`]
  })

const brokenBurst = ({ model, attempts, unanswered }: GeneratorFacts): { share: number; reasons: string[] } => {
  const broken = unanswered.reduce((sum, { note, count }) => (BROKEN.includes(note) ? sum + count : sum), 0)
  const share = broken / Math.max(1, attempts)
  if (model !== 'burst' || share < BROKEN_SUSPECT) return { share, reasons: [] }
  const what = say`${broken} of ${attempts} connections were reset when the burst was released`
  return { share, reasons: [say`${what}; a smaller --concurrency, or see how many connections the server accepts`] }
}

const lagging = ({ model, attempts, sendLagP99Ms }: GeneratorFacts): string[] =>
  model === 'open' && attempts >= FEWEST && sendLagP99Ms > LAG_P99_MS
    ? [say`1 % of the attempts left more than ${sendLagP99Ms.toFixed(1)} ms late; --workers auto, or a quieter machine`]
    : []

const overworked = (facts: GeneratorFacts): string[] => {
  const { inProcess, loops, machine, attempts } = facts
  const busy = utilisation(facts)
  const delay = Math.max(0, ...loops.map(({ delayP99Ms }) => delayP99Ms))
  const activeMs = loops.reduce((sum, loop) => sum + loop.activeMs, 0)
  const stolen = activeMs === 0 ? 0 : 1 - machine.cpuMs / activeMs
  const reasons: string[] = []
  if (stolen > STOLEN && busy > 0.3) {
    reasons.push(
      say`something else had the core for ${(100 * stolen).toFixed(0)} % of the time that the generator wanted it; give it a core of its own`,
    )
  }
  if (!inProcess && busy > BUSY) {
    reasons.push(
      say`the generator was busy ${(100 * busy).toFixed(0)} % of the time, so these figures measure it as much as the target; --workers auto, a lower --concurrency, or --rate`,
    )
  }
  if (!inProcess && delay > DELAY_P99_MS) {
    reasons.push(say`its event loop came ${delay.toFixed(0)} ms late (p99); fewer connections, or --workers auto`)
  }
  if ((machine.retransmits ?? 0) > attempts / 100 && attempts > 0) {
    reasons.push(
      say`TCP sent ${machine.retransmits} segments again: packets were lost on the way, or a backlog was full`,
    )
  }
  return reasons
}

/** The verdict, and the figures behind it. */
export const reportGenerator = (facts: GeneratorFacts): GeneratorReport => {
  const { loops, machine, sendLagP99Ms } = facts
  return {
    ...judgeGenerator(facts),
    cpu: machine.cpuMs / Math.max(1, machine.elapsedMs),
    utilisation: utilisation(facts),
    eventLoopDelayP99Ms: Math.max(0, ...loops.map(({ delayP99Ms }) => delayP99Ms)),
    sendLagP99Ms,
    retransmits: machine.retransmits,
  }
}
