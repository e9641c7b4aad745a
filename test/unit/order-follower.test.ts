import { describe, expect, it } from 'vitest'
import { Decisions } from '../../src/load/decisions.js'
import { OrderFollower } from '../../src/load/order-follower.js'
import type { Outcome } from '../../src/sale/outcome.js'

const never = new AbortController().signal

/** A follower on a clock that a test turns: every pause is over at once. */
const open = (look: (ticket: string) => Outcome | null = () => null) => {
  let [nowUs, pauses] = [0, 0]
  const results = new Decisions()
  const follower = new OrderFollower({
    results,
    nowUs: () => nowUs,
    clock: { sleep: async () => void pauses++ },
    look: async (ticket) => look(ticket),
  })
  const accept = (ticket: string | undefined, userIndex: number, copy = 0) =>
    follower.follow(
      { userIndex, copy, quantity: 1 },
      {
        ...{ sentAtUs: 0, doneAtUs: nowUs, connectUs: 0 },
        reply: { kind: 'outcome', outcome: 'queued', note: '', ...(ticket === undefined ? {} : { ticket }) },
      },
      0,
    )
  const at = (us: number) => {
    nowUs = us
  }
  return { follower, results, accept, at, pauses: () => pauses }
}

describe('an accepted order', () => {
  it('is followed to its decision, each click by its own ticket', async () => {
    const { follower, results, accept, at } = open()
    accept('order-1', 7)
    accept('order-2', 7, 1)
    at(3_000)
    follower.decided('order-2', 'sold')
    at(5_000)
    follower.decided('order-1', 'already_bought')
    await follower.finish(never)
    expect(results.take().decided).toMatchObject([
      { userIndex: 7, copy: 1, outcome: 'sold', decidedAtUs: 3_000 },
      { userIndex: 7, copy: 0, outcome: 'already_bought', decidedAtUs: 5_000 },
    ])
    expect(results.summary()).toMatchObject({
      ...{ queued: 2, undecided: 0, notFollowed: 0, polls: 0, outcomes: { sold: 1, already_bought: 1 } },
    })
    expect(follower.latest).toBe('order-2')
  })

  it('that is decided once the run was summed up changes nothing that was told', () => {
    const { follower, results, accept } = open()
    accept('order-ann', 3)
    accept('order-bob', 4)
    follower.decided('order-ann', 'sold')
    const told = results.summary()
    follower.decided('order-bob', 'sold')
    expect(told).toMatchObject({ queued: 2, undecided: 1, outcomes: { sold: 1 } })
  })

  it('may be decided before its answer was read', async () => {
    const { follower, results, accept, at } = open()
    at(2_000)
    follower.decided('order-ann', 'sold')
    at(9_000)
    accept('order-ann', 3)
    await follower.finish(never)
    expect(results.take().decided).toMatchObject([{ userIndex: 3, copy: 0, outcome: 'sold', decidedAtUs: 2_000 }])
  })

  it('that another worker decided is found by looking, once nothing more is heard', async () => {
    const { follower, results, accept } = open((ticket) => (ticket === 'order-ann' ? 'sold' : null))
    accept('order-ann', 0)
    accept('order-bob', 1)
    await follower.finish(never)
    expect(results.summary()).toMatchObject({ queued: 2, undecided: 1, outcomes: { sold: 1 } })
  })

  it('that was given up is waited for no longer, and stays undecided', async () => {
    const { follower, results, accept, pauses } = open()
    accept('order-ann', 0)
    follower.decided('order-ann', null)
    await follower.finish(never)
    expect([results.summary(), pauses()]).toMatchObject([{ queued: 1, undecided: 1, outcomes: {} }, 0])
  })

  it('that nobody ever decides is given up after a while, or at once where the run is stopped', async () => {
    const first = open()
    first.accept('order-ann', 0)
    await first.follower.finish(never)
    expect(first.pauses()).toBe(10)
    const second = open()
    second.accept('order-ann', 0)
    await second.follower.finish(AbortSignal.abort())
    expect(second.pauses()).toBe(0)
  })

  it('without a ticket is not followed', async () => {
    const { follower, results, accept, pauses } = open()
    accept(undefined, 0)
    await follower.finish(never)
    expect(results.summary()).toMatchObject({ queued: 1, notFollowed: 1, undecided: 1 })
    expect(pauses()).toBe(0)
  })
})
