import { expect, it } from 'vitest'
import { type Decided, Decisions } from '../../src/load/decisions.js'
import { packDecided, unpackDecided } from '../../src/load/worker-messages.js'

const decided = (userIndex: number, outcome: Decided['outcome']): Decided => ({
  ...{ userIndex, copy: 1, quantity: 2, outcome },
  ...{ intendedAtUs: 1.5, sentAtUs: 2_000, decidedAtUs: 4_294_967_296_123.5 },
})

it('decisions come out of a message as they went in', () => {
  const all = [decided(4_000_000_000, 'sold'), decided(0, 'not_open')]
  expect(unpackDecided(packDecided(all))).toEqual(all)
  expect(unpackDecided(packDecided([]))).toEqual([])
})

it('what threads take of theirs is, joined, what one would have', () => {
  const [one, two, whole, alone] = Array.from({ length: 4 }, () => new Decisions()) as [
    Decisions,
    Decisions,
    Decisions,
    Decisions,
  ]
  const followed = (into: Decisions, first: number) => {
    into.count('queued', 3)
    into.count('polls', 7)
    into.count('throttled')
    into.count('notFollowed')
    into.failed('timeout', 2)
    into.unmatched('404', 3)
    into.add(decided(first, 'sold'))
    into.add(decided(first + 1, 'sold_out'))
  }
  followed(one, 0)
  followed(two, 10)
  followed(alone, 0)
  followed(alone, 10)
  for (const part of [one, two, one]) whole.join(part.take())
  expect(whole.summary()).toEqual(alone.summary())
  expect(whole.take()).toEqual(alone.take())
})
