import { expect, it } from 'vitest'
import { ConnectQueue } from '../../src/load/transports/connect-queue.js'

it('starts as many as may be at once, the others in order as turns end', () => {
  const queue = new ConnectQueue(2)
  const started: number[] = []
  for (const n of [1, 2, 3, 4]) queue.enter(() => started.push(n) > 0)
  expect(started).toEqual([1, 2])
  queue.done()
  expect(started).toEqual([1, 2, 3])
  queue.done()
  queue.done()
  queue.enter(() => started.push(5) > 0)
  expect(started).toEqual([1, 2, 3, 4, 5])
})

it('passes over those that gave up, however many, and loses no turn to them', () => {
  const queue = new ConnectQueue(1)
  let started = 0
  queue.enter(() => true)
  for (let i = 0; i < 50_000; i++) queue.enter(() => false)
  queue.enter(() => ++started > 0)
  queue.done()
  expect(started).toBe(1)
  queue.enter(() => ++started > 0)
  expect(started).toBe(1)
  queue.done()
  expect(started).toBe(2)
})
