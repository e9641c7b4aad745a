import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EngineOptions, runEngine } from '../../src/load/engine.js'
import { burstModel } from '../../src/load/models/burst.js'
import { closedModel } from '../../src/load/models/closed.js'
import { openModel } from '../../src/load/models/open.js'
import { openSchedule } from '../../src/load/pacer.js'
import { attemptsOf } from '../../src/load/plan.js'
import type { Answer, Done, GatedTransport, Shot } from '../../src/load/transport.js'

/** Answers after `serviceMs` of the fake clock, and remembers when it sent what. */
class ClockedTransport implements GatedTransport {
  readonly sentAtMs: number[] = []
  readonly slots = new Set<number>()
  serviceMs = 1
  neverArms: number | null = null
  closes = 0
  readonly #armed: (() => void)[] = []
  readonly #hanging = new Set<Done>()

  async open(): Promise<void> {}

  send(slot: number, _shot: Shot, done: Done): void {
    this.slots.add(slot)
    const sentAtMs = Date.now()
    this.sentAtMs.push(sentAtMs)
    setTimeout(() => done(answered(sentAtMs, 'sold')), this.serviceMs)
  }

  async arm(slot: number, shot: Shot, done: Done): Promise<boolean> {
    if (slot === this.neverArms) {
      setTimeout(() => done(answered(Date.now(), 'not_sent')))
      await turn()
      return false
    }
    this.#hanging.add(done)
    this.#armed.push(() => {
      this.#hanging.delete(done)
      this.send(slot, shot, done)
    })
    return true
  }

  release(): void {
    for (const go of this.#armed.splice(0)) go()
  }

  async close(): Promise<void> {
    this.closes++
    for (const done of this.#hanging) done(answered(Date.now(), 'not_sent'))
    this.#hanging.clear()
  }
}

const answered = (sentAtMs: number, outcome: 'sold' | 'not_sent'): Answer => ({
  sentAtUs: sentAtMs * 1_000,
  doneAtUs: Date.now() * 1_000,
  connectUs: 0,
  reply:
    outcome === 'sold' ? { kind: 'outcome', outcome, note: '' } : { kind: 'failed', outcome, note: 'ECONNREFUSED' },
})

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  // A turn of the event loop takes time, which here somebody has to make pass.
  vi.stubGlobal('setImmediate', (work: () => void) => setTimeout(work, 1))
  vi.stubGlobal('clearImmediate', clearTimeout)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const start = (
  model: EngineOptions['model'],
  users: number,
  { serviceMs = 1, neverArms = null, ...wish }: Partial<EngineOptions & ClockedTransport> = {},
) => {
  const transport = Object.assign(new ClockedTransport(), { serviceMs, neverArms })
  const intended: number[] = []
  const finished = runEngine({
    transport,
    model,
    attempts: attemptsOf({ users, seed: 1, duplicates: 0, quantity: { min: 1, max: 1 } }),
    nameOf: String,
    nowUs: () => Date.now() * 1_000,
    record: (_planned, _answer, intendedAtUs) => void intended.push(intendedAtUs / 1_000 - 1_000),
    signal: new AbortController().signal,
    graceMs: 1_000,
    ...wish,
  })
  finished.catch(() => {})
  return { transport, intended, finished }
}

const rate = (perSecond: number) =>
  openSchedule([{ from: perSecond, to: perSecond, seconds: Number.POSITIVE_INFINITY }])

describe('the open model', () => {
  const open = (perSecond: number, planned: number, slots: number) => {
    const trace = { starved: false, waitedUs: 0 }
    const options = { schedule: rate(perSecond), startUs: 1_000_000, planned, firstSlot: 0, slots, trace }
    return { trace, model: openModel(options) }
  }

  it('sends every attempt at its time, whatever became of those before', async () => {
    const { model, trace } = open(100, 6, 10)
    const { transport, intended, finished } = start(model, 6, { serviceMs: 45 })
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs.map((ms) => ms - 1_000)).toEqual([0, 10, 20, 30, 40, 50])
    expect(intended).toEqual([0, 10, 20, 30, 40, 50])
    expect(trace.starved).toBe(false)
  })

  it.each([
    [100, 2_000],
    [10, 0],
  ])(
    'waits the last part turn by turn: with answers after %i ms, %i µs of nothing else',
    async (serviceMs, waitedUs) => {
      const { model, trace } = open(100, 3, 10)
      const { finished } = start(model, 3, { serviceMs })
      await vi.advanceTimersByTimeAsync(500)
      await finished
      expect(trace.waitedUs).toBe(waitedUs)
    },
  )

  it('takes the connection that was used last', async () => {
    const { transport, finished } = start(open(100, 20, 10).model, 20)
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect([...transport.slots]).toEqual([0])
  })

  it('where all connections are taken sends late, in order, and counts from the planned time', async () => {
    const { model, trace } = open(1_000, 4, 1)
    const { transport, intended, finished } = start(model, 4, { serviceMs: 10 })
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs.map((ms) => ms - 1_000)).toEqual([0, 10, 20, 30])
    expect(intended).toEqual([0, 1, 2, 3])
    expect(trace.starved).toBe(true)
  })

  it('ends with its time: what is due and not sent is dropped', async () => {
    const { transport, finished } = start(open(1_000, 100, 1).model, 100, { serviceMs: 10, untilUs: 1_035_000 })
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs).toHaveLength(4)
  })

  it('ends with its users, and when it is stopped', async () => {
    const { transport, finished } = start(open(100, 1_000, 10).model, 3)
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs).toHaveLength(3)
    const stop = new AbortController()
    const stopped = start(open(100, 1_000, 10).model, 1_000, { signal: stop.signal })
    await vi.advanceTimersByTimeAsync(25)
    stop.abort()
    await vi.advanceTimersByTimeAsync(25)
    await stopped.finished
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the closed model', () => {
  it('thinks between an answer and the next attempt', async () => {
    const { transport, intended, finished } = start(closedModel(2, 30), 6, { serviceMs: 5 })
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs.map((ms) => ms - 1_000)).toEqual([0, 0, 35, 35, 70, 70])
    expect(intended).toEqual([0, 0, 35, 35, 70, 70])
  })

  it('forgets its pauses when it is stopped', async () => {
    const stop = new AbortController()
    const { finished } = start(closedModel(2, 60_000), 6, { signal: stop.signal })
    await vi.advanceTimersByTimeAsync(10)
    stop.abort()
    await finished
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('the burst model', () => {
  const now = async () => {}

  it('lets all go together, and again when all have their answers', async () => {
    const { transport, finished } = start(burstModel(4, now), 10, { serviceMs: 20 })
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs.map((ms) => ms - 1_000)).toEqual([0, 0, 0, 0, 20, 20, 20, 20, 40, 40])
  })

  it('waits at its gate', async () => {
    const gate = () => new Promise<void>((resolve) => setTimeout(resolve, 100))
    const { transport, intended, finished } = start(burstModel(2, gate), 2)
    await vi.advanceTimersByTimeAsync(500)
    await finished
    expect(transport.sentAtMs).toEqual([1_100, 1_100])
    expect(intended).toEqual([100, 100])
  })

  it('that cannot fill ends with an error, and what was armed never leaves', async () => {
    const { transport, intended, finished } = start(burstModel(4, now), 4, { neverArms: 2 })
    await vi.advanceTimersByTimeAsync(500)
    await expect(finished).rejects.toMatchObject({ code: 'burst_unfilled', exitCode: 4 })
    expect(transport.sentAtMs).toEqual([])
    expect(transport.closes).toBe(1)
    expect(intended).toHaveLength(4)
  })

  it('that loses a connection at the gate does not leave either', async () => {
    const { transport, finished } = start(
      burstModel(2, () => transport.close()),
      2,
    )
    await vi.advanceTimersByTimeAsync(500)
    await expect(finished).rejects.toThrow('only 0 of 2')
    expect(transport.sentAtMs).toEqual([])
  })
})
