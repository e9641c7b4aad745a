import { expect, it } from 'vitest'
import { aheadOf, monotonicUs, monotonicUsAt } from '../../src/sale/clock.js'

it('two clocks are compared as if they were read at once, though the machine is busy in between', () => {
  let nowMs = 1_000
  let stalls = 0
  const theirs = () => {
    nowMs += stalls++ === 3 ? 0 : 20
    return nowMs
  }
  expect(aheadOf(theirs, () => nowMs + 500)).toBe(500)
  expect(stalls).toBeGreaterThan(3)
})

it('a time of day is found on the monotonic clock, to a millisecond', () => {
  const before = monotonicUs()
  const wallMs = Date.now()
  const after = monotonicUs()
  expect(monotonicUsAt(wallMs)).toBeGreaterThan(before - 1_000)
  expect(monotonicUsAt(wallMs)).toBeLessThan(after + 1_000)
  expect(monotonicUsAt(wallMs + 5_000) - monotonicUsAt(wallMs)).toBeGreaterThan(4_990_000)
})
