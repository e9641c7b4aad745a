import { monotonicUs } from '../sale/clock.js'
import type { Captures } from './capture.js'
import type { FieldSpec } from './fields.js'
import type { PollSpec } from './poll.js'
import { compileRequest, type TargetSpec } from './request.js'
import type { GatedTransport } from './transport.js'
import { type HttpSettings, httpTransport } from './transports/http.js'
import type { RedisTarget } from './transports/redis.js'

/** How purchases over HTTP are made. Plain data: every thread makes the same transport of it. */
export interface Recipe {
  readonly target: TargetSpec
  /** What placeholders stand for. */
  readonly fields: FieldSpec
  /** Requests before each purchase, in order. */
  readonly steps: readonly {
    readonly request: TargetSpec
    readonly fields: FieldSpec
    readonly captures: Captures
  }[]
  /** How those that are told "queued" are followed; null or absent where they are not. */
  readonly poll?: PollSpec | null
  /** Where polls read; given where {@link poll} is a command of Redis. */
  readonly redis?: RedisTarget | null
  readonly http: HttpSettings
  /** Bounds each request. */
  readonly timeoutMs: number
}

/** Throws usage errors. */
export const transportOf = async ({ target, fields, steps, http, timeoutMs }: Recipe): Promise<GatedTransport> => {
  const common = { ...http, timeoutMs, nowUs: monotonicUs }
  const purchase = await httpTransport({ ...common, request: compileRequest(target, fields) })
  if (steps.length === 0) return purchase
  const { StepsTransport } = await import('./steps.js')
  const side = steps.map(async (step) => ({
    // Whose answers come with their headers.
    transport: await httpTransport({
      ...common,
      transport: 'undici',
      request: compileRequest(step.request, step.fields),
    }),
    captures: step.captures,
  }))
  return new StepsTransport(purchase, await Promise.all(side))
}
