import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { ConnectQueue } from '../../src/load/transports/connect-queue.js'

/** A queue, what was begun in it, and a way to end the turn of each. */
const queueOf = (atOnce: number) => {
  const queue = new ConnectQueue(atOnce)
  const begun: number[] = []
  const overs = new Map<number, () => void>()
  const enter = (n: number) => {
    queue.enter((over) => {
      overs.set(n, over)
      return begun.push(n) > 0
    })
  }
  return { queue, begun, enter, end: (n: number) => overs.get(n)!() }
}

it('starts as many as may be at once, the others in order as turns end', () => {
  const { begun, enter, end } = queueOf(2)
  for (const n of [1, 2, 3, 4]) enter(n)
  expect(begun).toEqual([1, 2])
  end(2)
  expect(begun).toEqual([1, 2, 3])
  end(1)
  end(3)
  enter(5)
  expect(begun).toEqual([1, 2, 3, 4, 5])
})

it('ends a turn once, however often it is told', () => {
  const { begun, enter, end } = queueOf(1)
  for (const n of [1, 2, 3]) enter(n)
  end(1)
  end(1)
  expect(begun).toEqual([1, 2])
})

it('gives nobody a turn once it is closed', () => {
  const { queue, begun, enter, end } = queueOf(1)
  for (const n of [1, 2]) enter(n)
  queue.close()
  end(1)
  enter(3)
  expect(begun).toEqual([1])
})

it('passes over those that gave up, however many, and loses no turn to them', () => {
  const { queue, begun, enter, end } = queueOf(1)
  enter(1)
  for (let i = 0; i < 50_000; i++) queue.enter(() => false)
  enter(2)
  expect(begun).toEqual([1])
  end(1)
  expect(begun).toEqual([1, 2])
  enter(3)
  expect(begun).toEqual([1, 2])
  end(2)
  expect(begun).toEqual([1, 2, 3])
})

it('keeps nothing of those that had their turn, also where it never runs empty', async () => {
  const queue = new ConnectQueue(1)
  const gone: WeakRef<object>[] = []
  let end = () => {}
  const enter = () => {
    const connection = { made: false }
    gone.push(new WeakRef(connection))
    queue.enter((over) => {
      connection.made = true
      end = over
      return true
    })
  }
  for (let i = 0; i < 10; i++) enter()
  for (let i = 0; i < 10_000; i++) {
    enter()
    end()
  }
  // What a WeakRef was made of in this turn lives until the next.
  await new Promise(setImmediate)
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  expect(gone.filter((one) => one.deref() !== undefined).length).toBeLessThan(100)
})
