import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { shellWord } from '../sale/shell-word.js'
import type { Stage } from './pacer.js'
import { parseRate } from './rate.js'

/** When attempts leave, and how many at a time. */
export interface LoadShape {
  readonly model: ClosedShape | OpenShape | BurstShape
  /** Nothing is sent after it; null where the plan alone ends the run. */
  readonly durationMs: number | null
  /** What is planned for this time at the start is not measured. */
  readonly warmupMs: number
  /** The moment of the start, ms since 1970; null for at once. */
  readonly startAtMs: number | null
  /** Share of the attempts that leave in the second before the start, 0..1. */
  readonly early: number
}

export interface ClosedShape {
  readonly kind: 'closed'
  readonly concurrency: number
  readonly thinkTimeMs: number
}

export interface OpenShape {
  readonly kind: 'open'
  readonly stages: readonly Stage[]
  /** At most so many connections; they are made when they are needed. */
  readonly concurrency: number
}

export interface BurstShape {
  readonly kind: 'burst'
  /** Attempts released together; null for all of them. */
  readonly size: number | null
}

/** As flags and sale file give it; times in ms. */
export interface ShapeOptions {
  readonly concurrency?: number | undefined
  readonly rate?: string | undefined
  readonly burst?: boolean | undefined
  readonly duration?: number | undefined
  readonly warmup?: number | undefined
  readonly thinkTime?: number | undefined
  /** `20:00:00`, or an ISO time. */
  readonly at?: string | undefined
  readonly early?: number | undefined
}

export const DEFAULT_CONCURRENCY = 100
/** Connections of an open load: none is made before it is needed, and 1,024 descriptors are enough. */
const OPEN_CONCURRENCY = 900

/** Checks that the wishes go together. Throws usage errors. */
export const shapeOf = (options: ShapeOptions, nowMs: number): LoadShape => {
  const { rate, burst, duration, warmup = 0, thinkTime, at, early = 0, concurrency } = options
  const exclude = (a: string, b: string) => {
    throw usageError(say`${a} and ${b} exclude each other`, say`drop one of them`)
  }
  if (burst && rate !== undefined) exclude('--burst', '--rate')
  if (burst && duration !== undefined) exclude('--burst', '--duration')
  if (burst && warmup > 0) exclude('--burst', '--warmup')
  if (burst && thinkTime !== undefined) exclude('--burst', '--think-time')
  if (rate !== undefined && thinkTime !== undefined) exclude('--rate', '--think-time')
  if (early > 0 && at === undefined)
    throw usageError(say`--early needs --at`, say`early is before the time that --at names`)
  if (duration !== undefined && warmup >= duration) {
    throw usageError(say`--warmup takes the whole --duration`, say`nothing would be measured: make it shorter`)
  }
  return {
    model: burst
      ? { kind: 'burst', size: concurrency ?? null }
      : rate !== undefined
        ? { kind: 'open', stages: parseRate(rate, duration ?? null), concurrency: concurrency ?? OPEN_CONCURRENCY }
        : { kind: 'closed', concurrency: concurrency ?? DEFAULT_CONCURRENCY, thinkTimeMs: thinkTime ?? 0 },
    durationMs: duration ?? null,
    warmupMs: warmup,
    startAtMs: at === undefined ? null : parseAt(at, nowMs),
    early,
  }
}

/** The flags that shape a load alike; empty for a plain closed loop. The moment of the start is left out: it passes. */
export const flagsOf = (options: ShapeOptions & { readonly attemptsPerUser?: number | undefined }): string => {
  const { rate, burst, duration, warmup, thinkTime, attemptsPerUser } = options
  const ms = { duration, warmup, 'think-time': thinkTime }
  return [
    burst ? '--burst' : '',
    rate === undefined ? '' : `--rate ${shellWord(rate)}`,
    ...Object.entries(ms).map(([flag, value]) => (value === undefined ? '' : `--${flag} ${value}ms`)),
    attemptsPerUser === undefined || attemptsPerUser === 1 ? '' : `--attempts-per-user ${attemptsPerUser}`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** `20:00`, `20:00:00`, `20:00:00.5`: the next time that the clock here shows it; or an ISO time to come. Throws a usage error. */
export const parseAt = (text: string, nowMs: number): number => {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?$/.exec(text) ?? []
  const bad = (why: string) =>
    usageError(say`--at ${JSON.stringify(text)} ${why}`, say`write 20:00:00 or 2026-11-11T20:00:00+08:00`)
  if (hours === undefined) {
    const ms = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
    if (Number.isNaN(ms)) throw bad(say`is no time`)
    if (ms <= nowMs) throw bad(say`has passed`)
    return ms
  }
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) throw bad(say`is no time of day`)
  const at = new Date(nowMs)
  at.setHours(Number(hours), Number(minutes), 0, Math.round(Number(seconds) * 1_000))
  // A day may have 23 hours, hence by the calendar.
  if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1)
  return at.getTime()
}

/** Slots of the main model for `attempts`. */
export const slotsOf = ({ model }: LoadShape, attempts: number): number =>
  Math.min(attempts, model.kind === 'burst' ? (model.size ?? attempts) : model.concurrency)
