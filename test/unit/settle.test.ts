import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/sale/clock.js'
import type { FinalState } from '../../src/sale/final-state.js'
import { type Look, type SettleOptions, settle, settleForSure } from '../../src/store/settle.js'

const STATE: FinalState = { remaining: 1, stockProblem: null, records: [], recordsProblem: null, ttlSeconds: null }

/** A sale of which every look sees the next of `seen`, the last one again and again; looking and reading take `costMs`. */
const world = (seen: readonly (string | Look)[], costMs = 0, startMs = 0) => {
  let now = startMs
  const log: string[] = []
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      log.push(`sleep ${ms}`)
      now += ms
    },
  }
  let looks = 0
  const look = async (): Promise<Look> => {
    now += costMs
    log.push(`look ${now - startMs}`)
    const found = seen[Math.min(looks++, seen.length - 1)] as string | Look
    return typeof found === 'string' ? { seen: found, waiting: null } : found
  }
  const read = async (): Promise<FinalState> => {
    now += costMs
    log.push('read')
    return STATE
  }
  const run = (options: Partial<SettleOptions> = {}) =>
    settle(look, read, { clock, maxMs: 30_000, gapMs: 250, quietAfterMs: 0, ...options })
  return { run, log, clock }
}

describe('a sale', () => {
  it('that stands still: two looks a gap apart, the read, a third look', async () => {
    const { run, log } = world(['x'])
    expect(await run()).toEqual({ state: STATE, waitedMs: 250, stillMs: 250, moving: null })
    expect(log).toEqual(['look 0', 'sleep 250', 'look 250', 'read', 'look 250'])
  })

  it('that moves is awaited', async () => {
    const { run, log } = world(['a', 'b', 'c', 'c'])
    expect(await run()).toEqual({ state: STATE, waitedMs: 750, stillMs: 250, moving: null })
    expect(log.filter((line) => line === 'read')).toHaveLength(1)
  })

  it('with orders still waiting in a queue is awaited until they are decided', async () => {
    const waiting = { seen: 'x', waiting: '3 in orders' }
    const { run } = world([waiting, waiting, waiting, 'x'])
    expect(await run()).toMatchObject({ waitedMs: 750, moving: null })
    const { run: never, log } = world([waiting])
    expect(await never({ maxMs: 1_000 })).toMatchObject({ moving: '3 in orders' })
    expect(log.at(-1)).toBe('read')
  })

  it('that moves while it is read is read again', async () => {
    const { run, log } = world(['a', 'a', 'b', 'b'])
    expect((await run()).moving).toBeNull()
    expect(log.filter((line) => line === 'read')).toHaveLength(2)
  })

  it('that never stands still is read in time, and said to move', async () => {
    const seen = Array.from({ length: 1_000 }, (_, i) => `state ${i}`)
    const { run } = world(seen)
    const { moving, waitedMs } = await run({ maxMs: 1_000 })
    expect(moving).toMatch(/^state \d+ a moment ago$/)
    expect(waitedMs).toBeLessThanOrEqual(1_000)
  })
})

describe('requests without an answer', () => {
  it('put the second look off until they must be over', async () => {
    const { run, log } = world(['x'])
    expect(await run({ quietAfterMs: 5_000 })).toMatchObject({ waitedMs: 5_000, moving: null })
    expect(log).toEqual(['look 0', 'sleep 5000', 'look 5000', 'read', 'look 5000'])
  })

  it('that outlast the time are said so', async () => {
    const { run } = world(['x'])
    expect(await run({ quietAfterMs: 31_000 })).toMatchObject({
      state: STATE,
      moving: 'requests without an answer may still run',
    })
  })

  it('do not put off what comes after', async () => {
    const { run, log } = world(['a', 'b', 'b'])
    await run({ quietAfterMs: 5_000 })
    expect(log.filter((line) => line.startsWith('sleep'))).toEqual(['sleep 5000', 'sleep 250'])
  })

  it.each([0, 0.1, 3, 12.345])(
    'that are over when the time is are settled, though a look takes %d ms',
    async (costMs) => {
      // The second look comes at the very end of the time: whatever rounding makes of it, it is in time.
      for (const startMs of [0, 1_234.567, 98_765.432_1, 0.1]) {
        const { run } = world(['x'], costMs, startMs)
        expect(await run({ quietAfterMs: 30_000, maxMs: 30_000 })).toMatchObject({ moving: null })
      }
    },
  )
})

it('ends where it is interrupted', async () => {
  const { run, log } = world(['x'])
  await expect(run({ signal: AbortSignal.abort() })).rejects.toThrow()
  expect(log).not.toContain('read')
})

it('ends in the middle of a long wait where it is interrupted', async () => {
  const stop = new AbortController()
  const settling = settle(
    async () => ({ seen: 'x', waiting: null }),
    async () => STATE,
    {
      ...{ clock: systemClock, maxMs: 60_000, gapMs: 250, quietAfterMs: 60_000, signal: stop.signal },
    },
  )
  setTimeout(() => stop.abort(), 20)
  const hangs = new Promise((_, reject) => setTimeout(reject, 2_000, new Error('it waits on')))
  await expect(Promise.race([settling, hangs])).rejects.toMatchObject({ name: 'AbortError' })
})

describe('a sale that accuses its shop', () => {
  /** Units recorded over time (ms), in one record; it accuses as long as they are fewer than `told`. */
  const behind = (told: number, ...recorded: readonly (readonly [fromMs: number, units: number])[]) => {
    const { clock, log } = world([])
    const start = clock.now()
    const units = () => recorded.findLast(([fromMs]) => clock.now() - start >= fromMs)?.[1] ?? 0
    const place = {
      key: 'r',
      type: 'hash' as const,
      users: ['ann'],
      distinct: true,
      unreadable: [],
      unreadableCount: 0,
    }
    const look = async () => ({ seen: 'x', waiting: null })
    const read = async () => ({ ...STATE, records: [{ ...place, quantities: [units()] }] })
    const accuses = ({ state }: { state: FinalState }) => (state.records[0]?.quantities[0] ?? 0) < told
    return (maxMs = 30_000) => {
      const options = { clock, maxMs, gapMs: 250, quietAfterMs: 0 }
      return settleForSure(look, read, options, accuses).then((settled) => ({ settled, log }))
    }
  }

  it('is looked at again until nothing has changed for 3 s', async () => {
    const { settled } = await behind(1)()
    expect(settled).toMatchObject({ waitedMs: 3_250, stillMs: 3_000, moving: null })
  })

  it('and cleared by records that come late', async () => {
    const { settled } = await behind(1, [1_500, 1])()
    expect(settled).toMatchObject({ waitedMs: 3_250, moving: null })
    expect(settled.state.records[0]?.quantities).toEqual([1])
  })

  it('not before a record that grew stands still', async () => {
    const { settled } = await behind(4, [1_500, 1], [5_000, 2])()
    expect(settled).toMatchObject({ waitedMs: 9_250, stillMs: 3_000, moving: null })
  })

  it('is not waited for where it accuses nobody', async () => {
    expect((await behind(0)()).settled).toMatchObject({ waitedMs: 250, stillMs: 250 })
  })

  it('nor for longer than it may take', async () => {
    expect((await behind(1)(2_000)).settled).toMatchObject({ waitedMs: 1_750, stillMs: 1_500, moving: null })
    expect((await behind(1)(400)).settled).toMatchObject({ waitedMs: 250, stillMs: 250, moving: null })
    const grown = (await behind(4, [1_000, 1])(2_000)).settled
    expect(grown).toMatchObject({ stillMs: 0, moving: 'records that grew a moment ago' })
  })
})
