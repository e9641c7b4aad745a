import { describe, expect, it } from 'vitest'
import { parseAt, shapeOf, slotsOf } from '../../src/load/shape.js'

const now = new Date(2026, 10, 11, 19, 59, 30).getTime()

describe('the shape of a load', () => {
  it('is closed, 100 at a time, unless something else is asked for', () => {
    expect(shapeOf({}, now)).toEqual({
      model: { kind: 'closed', concurrency: 100, thinkTimeMs: 0 },
      durationMs: null,
      warmupMs: 0,
      startAtMs: null,
      early: 0,
    })
  })

  it('of a burst is all attempts at once, or as many as --concurrency', () => {
    expect(slotsOf(shapeOf({ burst: true }, now), 777)).toBe(777)
    expect(slotsOf(shapeOf({ burst: true, concurrency: 50 }, now), 777)).toBe(50)
    expect(slotsOf(shapeOf({ concurrency: 50 }, now), 20)).toBe(20)
  })

  it.each([
    [{ burst: true, rate: '5/s' }, /--burst and --rate/],
    [{ burst: true, duration: 1 }, /--burst and --duration/],
    [{ burst: true, warmup: 1 }, /--burst and --warmup/],
    [{ burst: true, thinkTime: 1 }, /--burst and --think-time/],
    [{ rate: '5/s', thinkTime: 1 }, /--rate and --think-time/],
    [{ early: 0.1 }, /--early needs --at/],
    [{ warmup: 5_000, duration: 5_000 }, /--warmup takes the whole/],
  ])('%j is refused', (options, why) => expect(() => shapeOf(options, now)).toThrow(why))
})

describe('--at', () => {
  it.each([
    ['20:00', new Date(2026, 10, 11, 20, 0)],
    ['20:00:00', new Date(2026, 10, 11, 20, 0)],
    ['19:59:30.250', new Date(2026, 10, 11, 19, 59, 30, 250)],
    ['19:59:30', new Date(2026, 10, 12, 19, 59, 30)],
    ['0:00', new Date(2026, 10, 12)],
    ['2026-11-11T20:00:00.000Z', new Date('2026-11-11T20:00:00Z')],
  ])('%s is the next such time', (text, at) => {
    const before = text.endsWith('Z') ? at.getTime() - 1 : now
    expect(new Date(parseAt(text, before))).toEqual(at)
  })

  it.each(['', '8pm', '24:00', '20:60', '20:00:60', '2026-11-11', '2001-01-01T00:00:00Z', '2026-13-01T00:00'])(
    '%j is refused',
    (text) => expect(() => parseAt(text, now)).toThrow(/--at/),
  )
})
