import type { Limits } from '../load/preflight.js'
import type { ClockOffset } from '../sale/clock.js'
import type { ServerVitals } from '../sale/server-vitals.js'

/** Why something cannot be used, as the command that needs it would tell. */
export interface Problem {
  readonly message: string
  readonly hint?: string | undefined
  readonly exitCode: number
}

export interface RedisFacts {
  /** How it is reached. */
  readonly kind: 'tcp' | 'unix' | 'sentinel' | 'cluster'
  /** On this machine: what a restart loses is a test's. */
  readonly loopback: boolean
  readonly found: ServerVitals | Problem
}

export interface TargetFacts {
  /** Without credentials. */
  readonly display: string
  /** HTTP status of a HEAD request to its root. */
  readonly found: { readonly status: number; readonly clock: ClockOffset | null } | Problem
}

export interface MachineFacts {
  /** `20.19.0` */
  readonly node: string
  readonly cpus: number
  readonly limits: Limits
  /** Connections that a load is to hold at once. */
  readonly connections: number
  /** `Redis …` or `Valkey …` that can be started here. */
  readonly redisServer: { readonly path: string } | Problem
  /** Version of BullMQ; null where it is not installed. */
  readonly bullmq: string | null
}

/** All that a doctor looks at; plain data. */
export interface Facts {
  readonly redis: RedisFacts
  readonly target: TargetFacts | null
  readonly machine: MachineFacts
}

export const isProblem = <T extends object>(found: T | Problem): found is Problem => 'exitCode' in found
