import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../language/say.js'
import type { Transport } from '../load/transport.js'
import type { RedisTarget } from '../redis/target.js'
import type { TracedCommand } from '../redis/trace.js'
import { monotonicUs } from '../sale/clock.js'
import type { Context } from './context.js'

/** How long to look for commands after the answer. */
const AFTER_MS = 50

/** Sees the Redis commands of one purchase. */
export interface Tracer {
  /** Where the shop finds its Redis. */
  readonly target: RedisTarget
  /** The transport, with a look at when the purchase begins and ends. */
  around(transport: Transport): Transport
  /** What went through since the purchase was sent, until shortly after its answer; in the order of sending. */
  taken(): Promise<Trace>
  close(): Promise<void>
}

/** Times count from when the purchase was sent. */
export interface Trace {
  readonly commands: readonly TracedCommand[]
  readonly answeredUs: number
}

/** Stands between whoever buys and Redis. Errors: usage, where the target is no single server. */
export const openTracer = async (target: RedisTarget): Promise<Tracer> => {
  const [{ RedisProxy }, { tracing }] = await Promise.all([import('../redis/proxy.js'), import('../redis/trace.js')])
  const seen: TracedCommand[] = []
  const proxy = await RedisProxy.open(target, { port: 0, ...tracing(monotonicUs, (traced) => seen.push(traced)) })
  let [startUs, answeredUs] = [0, 0]
  return {
    target: proxy.through(target),
    around: (transport) => ({
      open: (n) => transport.open(n),
      send: (slot, shot, done) => {
        startUs = monotonicUs()
        transport.send(slot, shot, (answer) => {
          answeredUs = monotonicUs()
          done(answer)
        })
      },
      close: () => transport.close(),
    }),
    taken: async () => {
      await pause(AFTER_MS)
      const commands = seen
        .filter(({ sentAtUs }) => sentAtUs >= startUs)
        .map((traced) => ({ ...traced, sentAtUs: traced.sentAtUs - startUs }))
        .sort((a, b) => a.sentAtUs - b.sentAtUs)
      return { commands, answeredUs: answeredUs - startUs }
    },
    close: () => proxy.close(),
  }
}

export const traceJson = ({ commands }: Trace) =>
  commands.map(({ sentAtUs, elapsedUs, ...rest }) => ({
    ...rest,
    sentAtMs: sentAtUs / 1_000,
    elapsedMs: elapsedUs && elapsedUs / 1_000,
  }))

/** The commands as a table; `told` says by what the shop was told of its Redis. */
export const printTrace = async (context: Context, { commands, answeredUs }: Trace, told: string): Promise<void> => {
  // A client that connects meanwhile says hello, and no more.
  if (commands.every(({ kind }) => kind === 'housekeeping'))
    context.print(say`no Redis command came for this purchase; the shop was told of its Redis by ${told}`)
  if (commands.length === 0) return
  const { tableOf } = await import('./style.js')
  const ms = (us: number): string => (us / 1_000).toFixed(1)
  const rows = commands.map(({ connection, command, reply, sentAtUs, elapsedUs }) => [
    sentAtUs > answeredUs ? say`${ms(sentAtUs)} (after the answer)` : ms(sentAtUs),
    String(connection),
    command,
    reply ?? say`(nothing)`,
    elapsedUs === null ? '' : ms(elapsedUs),
  ])
  context.print(
    tableOf([say`at ms`, say`connection`, say`command`, say`reply`, say`took ms`], rows, { numbers: [0, 1, 4] }),
  )
}
