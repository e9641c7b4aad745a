import { EXIT } from '../errors.js'
import type { ServerVitals } from '../sale/server-vitals.js'
import { type Facts, isProblem, type RedisFacts } from './facts.js'

export const MARKS = ['ok', 'warn', 'fail', 'unknown'] as const

/** `unknown`: the server does not tell. */
export type Mark = (typeof MARKS)[number]

/** What a check found, in a sentence, and what to do about it. */
export interface Finding {
  readonly mark: Mark
  readonly message: string
  readonly hint: string | null
  /** With which a command that meets this ends; 0 unless it fails. */
  readonly exitCode: number
}

export const PARTS = ['redis', 'target', 'machine'] as const

/** One thing that a doctor looks at. Pure. */
export interface Check {
  readonly id: string
  readonly about: (typeof PARTS)[number]
  /** Null where there is nothing to look at. */
  look(facts: Facts): Finding | null
}

export const ok = (message: string, hint: string | null = null): Finding => ({
  ...{ mark: 'ok', message, hint, exitCode: EXIT.ok },
})

export const warn = (message: string, hint: string | null = null): Finding => ({
  ...{ mark: 'warn', message, hint, exitCode: EXIT.ok },
})

export const fail = (message: string, hint: string | null = null, exitCode: number = EXIT.unreachable): Finding => ({
  ...{ mark: 'fail', message, hint, exitCode },
})

export const unknown = (message: string, hint: string | null = null): Finding => ({
  ...{ mark: 'unknown', message, hint, exitCode: EXIT.ok },
})

/** A check of an open Redis. */
export const redisCheck = (id: string, look: (vitals: ServerVitals, redis: RedisFacts) => Finding | null): Check => ({
  ...{ id, about: 'redis' },
  look: ({ redis }) => (isProblem(redis.found) ? null : look(redis.found, redis)),
})
