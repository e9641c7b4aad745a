import { describe, expect, it } from 'vitest'
import { dueBefore, openSchedule, type Stage, shareOf } from '../../src/load/pacer.js'
import { parseRate } from '../../src/load/rate.js'
import { fc } from '../helpers/fc.js'

const perSecond = (schedule: (n: number) => number): number[] => {
  const counts: number[] = []
  for (let n = 0; schedule(n) < Number.POSITIVE_INFINITY && n < 1e6; n++) {
    const second = Math.floor(schedule(n) / 1e6)
    counts[second] = (counts[second] ?? 0) + 1
  }
  return counts
}

const stage = fc.record({
  from: fc.integer({ min: 0, max: 500 }),
  to: fc.integer({ min: 1, max: 500 }),
  seconds: fc.integer({ min: 1, max: 5 }),
})

describe('an open schedule', () => {
  it('spreads a constant rate evenly', () => {
    const schedule = openSchedule([{ from: 2_000, to: 2_000, seconds: Number.POSITIVE_INFINITY }])
    for (const n of [0, 1, 2, 1_999, 2_000, 123_456]) expect(schedule(n)).toBeCloseTo(n * 500, 3)
  })

  it('climbs a ramp: each second has the area under its piece of it', () => {
    expect(perSecond(openSchedule([{ from: 0, to: 100, seconds: 4 }]))).toEqual([13, 37, 63, 87])
    expect(perSecond(openSchedule([{ from: 100, to: 0, seconds: 4 }]))).toEqual([88, 62, 38, 12])
  })

  it('goes through stages, never backwards, and ends where their time does', () => {
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 5 }), (stages: Stage[]) => {
        const schedule = openSchedule(stages)
        const area = stages.reduce((sum, { from, to, seconds }) => sum + ((from + to) / 2) * seconds, 0)
        const endUs = stages.reduce((sum, { seconds }) => sum + seconds, 0) * 1e6
        const times = Array.from({ length: Math.ceil(area) }, (_, n) => schedule(n))
        expect(times.every((time, n) => n === 0 || time > times[n - 1]!)).toBe(true)
        expect(times.at(-1)).toBeLessThan(endUs + 1e-3)
        expect(schedule(Math.ceil(area))).toBe(Number.POSITIVE_INFINITY)
        // Whatever was asked before.
        expect(schedule(0)).toBe(openSchedule(stages)(0))
      }),
      { numRuns: 200 },
    )
  })

  it('is shared out without loss or overlap', () => {
    const whole = openSchedule([{ from: 10, to: 50, seconds: 3 }])
    const shares = [0, 1, 2].map((index) => shareOf(whole, index, 3))
    const shared = shares.flatMap((share) => Array.from({ length: 30 }, (_, n) => share(n)))
    expect(shared.sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, n) => whole(n)))
  })

  it('counts what is due before a time', () => {
    const schedule = openSchedule([{ from: 100, to: 100, seconds: Number.POSITIVE_INFINITY }])
    expect(dueBefore(schedule, 1e6, 1_000_000)).toBe(100)
    expect(dueBefore(schedule, 1e6 + 1, 1_000_000)).toBe(101)
    expect(dueBefore(schedule, 1e9, 70)).toBe(70)
    expect(dueBefore(schedule, 0, 70)).toBe(0)
  })
})

describe('--rate', () => {
  const forever = Number.POSITIVE_INFINITY
  it.each<[string, number | null, Stage[]]>([
    ['2000/s', null, [{ from: 2000, to: 2000, seconds: forever }]],
    ['0.5', 4_000, [{ from: 0.5, to: 0.5, seconds: 4 }]],
    ['100/s..5000/s', 10_000, [{ from: 100, to: 5000, seconds: 10 }]],
    ['0..100@500ms', null, [{ from: 0, to: 100, seconds: 0.5 }]],
    [
      '100/s@10s, 500/s..1000/s@1m, 1000/s',
      100_000,
      [
        { from: 100, to: 100, seconds: 10 },
        { from: 500, to: 1000, seconds: 60 },
        { from: 1000, to: 1000, seconds: 30 },
      ],
    ],
  ])('%s', (text, durationMs, stages) => expect(parseRate(text, durationMs)).toEqual(stages))

  it.each<[string, number | null, RegExp]>([
    ['0', null, /rate of 0/],
    ['0/s', 1_000, /rate of 0/],
    ['NaN/s', null, /no rate/],
    ['', null, /no rate/],
    ['-5/s', null, /no rate/],
    ['1e3/s', null, /no rate/],
    ['100/m', null, /no rate/],
    ['99999999/s', null, /more than/],
    ['100/s..200/s', null, /needs a time/],
    ['100/s,200/s', null, /only the last/],
    ['100/s@10s,200/s', 10_000, /whole --duration/],
    ['100/s@0s', null, /no length/],
  ])('%s is refused', (text, durationMs, why) => expect(() => parseRate(text, durationMs)).toThrow(why))
})
