import { readFileSync } from 'node:fs'
import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks'

/** What a thread that sends did with its time. */
export interface LoopFacts {
  /** Milliseconds that its event loop was at work. */
  readonly activeMs: number
  /** Of these, milliseconds in which it only waited for a moment to send, turn by turn. */
  readonly waitedMs: number
  readonly delayP99Ms: number
}

/** What the machine gave the generator. */
export interface MachineFacts {
  readonly elapsedMs: number
  /** CPU time of the process, all threads. */
  readonly cpuMs: number
  /** TCP segments sent again, by this whole machine; null where it does not tell. */
  readonly retransmits: number | null
}

const RESOLUTION_MS = 10

/** Watches the event loop of the thread that it is made in. */
export class LoopMonitor {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #begin = performance.eventLoopUtilization()

  constructor() {
    this.#delay.enable()
  }

  stop(waitedUs: number): LoopFacts {
    this.#delay.disable()
    const { active } = performance.eventLoopUtilization(this.#begin)
    // The histogram holds the time between two ticks: what is above the interval is delay.
    const p99Ms = this.#delay.count === 0 ? 0 : this.#delay.percentile(99) / 1e6
    return { activeMs: active, waitedMs: waitedUs / 1_000, delayP99Ms: Math.max(0, p99Ms - RESOLUTION_MS) }
  }
}

/** Watches the process and the machine. */
export class MachineMonitor {
  readonly #cpu = process.cpuUsage()
  readonly #startMs = performance.now()
  readonly #retransmits = retransmitted()

  stop(): MachineFacts {
    const { user, system } = process.cpuUsage(this.#cpu)
    const retransmits = retransmitted()
    return {
      elapsedMs: performance.now() - this.#startMs,
      cpuMs: (user + system) / 1_000,
      retransmits: retransmits === null || this.#retransmits === null ? null : retransmits - this.#retransmits,
    }
  }
}

/** Linux only: RetransSegs of /proc/net/snmp. */
const retransmitted = (): number | null => {
  try {
    const [names, values] = readFileSync('/proc/net/snmp', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('Tcp:'))
      .map((line) => line.split(' '))
    const column = names?.indexOf('RetransSegs') ?? -1
    return column < 0 ? null : Number(values?.[column])
  } catch {
    return null
  }
}
