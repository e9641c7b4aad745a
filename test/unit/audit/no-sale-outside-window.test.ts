import { describe, expect, it } from 'vitest'
import { judged, runOf, SEEDED_MS, saleOf, stateOf, type Told } from '../../helpers/history.js'

/** Runs begin a minute after the seeding; attempt n is sent n ms later and answered within half of one. */
const RUN_MS = SEEDED_MS + 60_000
const TOLD: Told[] = [
  ['ann', 'not_open'],
  ['ann', 'sold'],
  ['bob', 'not_open'],
]

const judge = (window: { startMs: number | null; endMs: number | null }, told = TOLD) =>
  judged('no-sale-outside-window', { sale: saleOf({ window }), state: null, runs: [runOf(told)] })

describe('no-sale-outside-window', () => {
  it('is skipped without a window', () => {
    expect(judged('no-sale-outside-window', { state: null, runs: [runOf(TOLD)] }).verdict).toBe('skipped')
  })

  it('passes where those who came too early or too late got nothing', () => {
    const found = judge({ startMs: RUN_MS + 1, endMs: RUN_MS + 1.6 })
    expect(found).toMatchObject({ verdict: 'pass', observed: 0 })
    expect(found.message).toContain('2 attempts before 2026-11-11T12:01:00.001Z or after 2026-11-11T12:01:00.001Z')
  })

  it('fails what was sold before the start, and names who bought', () => {
    const found = judge({ startMs: RUN_MS + 2, endMs: null })
    expect(found).toMatchObject({ verdict: 'fail', users: ['ann'], observed: 1, places: [{ run: 0, row: 1 }] })
    expect(found.message).toBe('1 purchase before 2026-11-11T12:01:00.002Z: ann')
  })

  it('fails what was sold after the end', () => {
    expect(judge({ startMs: null, endMs: RUN_MS + 0.9 })).toMatchObject({ verdict: 'fail', users: ['ann'] })
  })

  it('acquits what was under way at the edge', () => {
    expect(judge({ startMs: RUN_MS + 1.4, endMs: null }).verdict).toBe('pass')
    expect(judge({ startMs: null, endMs: RUN_MS + 1.1 }).verdict).toBe('pass')
  })

  it('is untested where nobody tried outside, or only the throttle answered', () => {
    expect(judge({ startMs: RUN_MS, endMs: null }).verdict).toBe('untested')
    expect(
      judge({ startMs: RUN_MS + 1, endMs: null }, [
        ['ann', 'throttled'],
        ['bob', 'sold'],
      ]).verdict,
    ).toBe('untested')
  })

  it('fails for what is recorded though no answer told: it can only have been bought then', () => {
    const told: Told[] = [
      ['ann', 'unknown'],
      ['bob', 'queued'],
      ['eve', 'unknown'],
    ]
    const late = { sale: saleOf({ window: { startMs: RUN_MS + 60_000, endMs: null } }), runs: [runOf(told)] }
    const found = judged('no-sale-outside-window', { ...late, state: stateOf(3, { ann: 1, bob: 1 }) })
    expect(found).toMatchObject({ verdict: 'fail', users: ['ann', 'bob'] })
    expect(judged('no-sale-outside-window', { ...late, state: stateOf(5) }).verdict).toBe('pass')
    expect(judged('no-sale-outside-window', { ...late, state: null })).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('3 users tried before'),
    })
  })
})
