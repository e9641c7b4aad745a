import { expect, it } from 'vitest'
import { type Look, untilIdle } from '../../src/store/settle.js'

/** How long a sale that looks so, look after look, is waited for; the last one stays. */
const waited = async (looks: readonly (readonly [seen: string, waiting: string | null])[], maxMs = 30_000) => {
  let now = 0
  let next = 0
  const look = async (): Promise<Look> => {
    const [seen, waiting] = looks[Math.min(next++, looks.length - 1)] as (typeof looks)[number]
    return { seen, waiting }
  }
  const pass = async (ms: number) => {
    now += ms
  }
  const clock = { now: () => now, sleep: pass }
  await untilIdle(look, { clock, maxMs, gapMs: 250 })
  return now
}

it('a sale that stands still is left after two looks', async () => {
  expect(await waited([['3 left', null]])).toBe(250)
})

it('one that is worked on is waited for until nothing waits', async () => {
  const working = Array.from({ length: 20 }, (_, i) => ['3 left', `${20 - i} in orders`] as const)
  expect(await waited([...working, ['3 left', null]])).toBe(20 * 250)
})

it('what nobody works on is given up after 3 s', async () => {
  expect(await waited([['3 left', '5 in orders']])).toBe(3_000)
})

it('what never ends is given up after the longest wait', async () => {
  const endless = Array.from({ length: 200 }, (_, i) => [`${i} left`, null] as const)
  expect(await waited(endless, 10_000)).toBe(10_000)
})
