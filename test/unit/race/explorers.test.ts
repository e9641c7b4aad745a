import { describe, expect, it } from 'vitest'
import { dependence, type Step } from '../../../src/race/events.js'
import type { Execution, Explorer } from '../../../src/race/explorer.js'
import { dpor } from '../../../src/race/explorers/dpor.js'
import { exhaustive } from '../../../src/race/explorers/exhaustive.js'
import { Order } from '../../../src/race/explorers/order.js'
import type { Reduction } from '../../../src/race/independence.js'
import {
  type Buyer,
  counterUndo,
  crossed,
  listNaive,
  type Program,
  type ToyEnding,
  toyWorld,
} from '../../helpers/toy-world.js'

const NAMES = ['alice', 'bob', 'carol', 'dave']
const AMPLE = 100

const buyersOf = (...quantities: number[]): Buyer[] =>
  quantities.map((quantity, i) => ({ user: NAMES[i] as string, quantity }))

const reduced = (reduction: Reduction, { symmetry = false, realTime = false } = {}): Explorer =>
  dpor({ dependent: dependence(reduction, realTime), symmetry })

const explore = async (explorer: Explorer, program: Program, buyers: readonly Buyer[], stock: number) => {
  const executions: Execution<ToyEnding>[] = []
  for await (const execution of explorer.explore(toyWorld(program, buyers, stock))) executions.push(execution)
  return {
    executions,
    count: executions.length,
    blocked: executions.filter(({ ending }) => ending === null).length,
    outcomes: [...new Set(executions.flatMap(({ ending }) => (ending ? [JSON.stringify(ending)] : [])))].sort(),
  }
}

const ordersOf = (steps: readonly Step[], reduction: Reduction, realTime = false): number => {
  const order = new Order(dependence(reduction, realTime))
  for (const step of steps) order.push(step)
  return order.linearizations()
}

const PROGRAMS: [string, Program][] = [
  ['list-naive', listNaive],
  ['counter-undo', counterUndo],
  ['crossed', crossed],
]

describe('executions of the naive list purchase, ample stock', () => {
  it.each([
    ['two', buyersOf(1, 1), [70, 10, 4, 6]],
    ['three', buyersOf(1, 1, 1), [34_650, 378, 36, 120]],
  ] as const)('%s users', { timeout: 120_000 }, async (_, buyers, [all, key, field, timed]) => {
    const run = (explorer: Explorer) => explore(explorer, listNaive, buyers, AMPLE)
    expect((await run(exhaustive())).count).toBe(all)
    for (const [explorer, count] of [
      [reduced('key'), key],
      [reduced('field'), field],
      [reduced('field', { realTime: true }), timed],
    ] as const)
      expect(await run(explorer)).toMatchObject({ count, blocked: 0 })
  })

  it('symmetry halves the 36', async () => {
    expect((await explore(reduced('field', { symmetry: true }), listNaive, buyersOf(1, 1, 1), AMPLE)).count).toBe(19)
  })

  it('without any reduction, DPOR makes every execution', async () => {
    expect((await explore(reduced('none'), listNaive, buyersOf(1, 1), AMPLE)).count).toBe(70)
  })
})

describe.each(PROGRAMS)('%s', (_, program) => {
  it.each([
    [[1, 1], 1],
    [[2, 2], 3],
    [[2, 1], 2],
    [[1, 1], AMPLE],
    // Four steps each, whatever happens: 34,650 orders of three.
    ...(program === crossed ? [] : [[[2, 2, 1], 3] as [number[], number]]),
  ])(
    'quantities %j of %i: DPOR sees what full search sees, and wastes nothing',
    { timeout: 120_000 },
    async (quantities, stock) => {
      const buyers = buyersOf(...quantities)
      const all = await explore(exhaustive(), program, buyers, stock)
      for (const reduction of ['key', 'field'] as const) {
        for (const realTime of [false, true]) {
          const few = await explore(reduced(reduction, { realTime }), program, buyers, stock)
          expect(few.outcomes).toEqual(all.outcomes)
          expect(few.blocked).toBe(0)
          expect(few.count).toBeLessThanOrEqual(all.count)
          // Each execution stands for those of its class, and the classes make up the whole.
          const represented = few.executions.reduce((sum, { steps }) => sum + ordersOf(steps, reduction, realTime), 0)
          expect(represented).toBe(all.count)
        }
      }
    },
  )

  it.each([
    [[1, 1], 1],
    [[1, 1, 1], 2],
    [[2, 2, 1], 3],
  ])('quantities %j of %i: symmetry loses nothing but names', async (quantities, stock) => {
    const buyers = buyersOf(...quantities)
    for (const realTime of [false, true]) {
      const few = await explore(reduced('field', { realTime, symmetry: true }), program, buyers, stock)
      const all = await explore(reduced('field', { realTime }), program, buyers, stock)
      const nameless = (outcomes: readonly string[]) =>
        [...new Set(outcomes.map((text) => anonymous(text, quantities)))].sort()
      expect(nameless(few.outcomes)).toEqual(nameless(all.outcomes))
      expect(few.count).toBeLessThanOrEqual(all.count)
    }
  })
})

/** An ending without names: each buyer's quantity, answer and record, sorted. */
const anonymous = (text: string, quantities: readonly number[]): string => {
  const { answers, goods, users } = JSON.parse(text) as ToyEnding
  const buyers = quantities.map((quantity, i) => `${quantity} ${answers[i]} ${users[NAMES[i] as string]}`)
  return `${goods}: ${buyers.sort().join(', ')}`
}

describe('exhaustive search', () => {
  it('goes by preemptions: 6, 60 and 402 of the orders of three users need at most 0, 1, 2', async () => {
    const { executions } = await explore(exhaustive(2), listNaive, buyersOf(1, 1, 1), AMPLE)
    const counts = [0, 1, 2].map((n) => executions.filter(({ preemptions }) => preemptions <= n).length)
    expect(counts).toEqual([6, 60, 402])
    const inOrder = executions.map(({ preemptions }) => preemptions)
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b))
  })

  it('makes no order twice', async () => {
    const { executions } = await explore(exhaustive(), crossed, buyersOf(1, 1), AMPLE)
    expect(new Set(executions.map(({ steps }) => steps.map(({ actor }) => actor).join(''))).size).toBe(70)
  })
})
