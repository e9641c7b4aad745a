import { describe, expect, it } from 'vitest'
import { AttemptTable } from '../../../src/history/attempt-table.js'
import type { Run, StartState } from '../../../src/history/run.js'
import type { Outcome } from '../../../src/sale/outcome.js'
import { type History, heldAt, judged, runOf, SEEDED_MS, saleOf, startOf, stateOf } from '../../helpers/history.js'

/** Who asked for how many, was told what, from when to when (ms). */
type Timed = readonly [user: string, outcome: Outcome, quantity: number, sentMs: number, doneMs: number]

interface Wish {
  readonly stock?: number
  /** "Sold out" only at 0, "already bought" before anything else. */
  readonly exact?: boolean
  readonly start?: StartState | null
  readonly minute?: number
}

const timed = (attempts: readonly Timed[], { stock = 2, exact, start = startOf(stock), minute }: Wish = {}): Run => {
  const told = attempts.map(([user, outcome, quantity]) => [user, outcome, quantity] as const)
  const run = runOf(told, { start, ...(minute === undefined ? {} : { minute }) })
  const { userIndex, copy } = run.attempts
  const table = attempts.map(([, outcome, quantity, sent, done], row) => ({
    ...{ userIndex: userIndex[row]!, copy: copy[row]!, quantity, outcome, status: 200, group: 0, connectUs: 0 },
    ...{ intendedAtUs: sent * 1_000, sentAtUs: sent * 1_000, doneAtUs: done * 1_000 },
  }))
  const header = exact === undefined ? run.header : { ...run.header, strictSoldOut: exact, duplicatesFirst: exact }
  return { ...run, header, attempts: AttemptTable.of(table) }
}

const orderOf = (attempts: readonly Timed[], wish: Wish & Partial<History> = {}) => {
  const { stock = 2, state = null, sale = saleOf({ initial: stock }), runs = [timed(attempts, wish)] } = wish
  return judged('real-time-order', { ...{ sale, state, runs }, ...(wish.nowMs ? { nowMs: wish.nowMs } : {}) })
}

describe('real-time-order', () => {
  it('passes what some order explains, and says how much that was', () => {
    const found = orderOf([
      ['ann', 'sold', 1, 0, 2],
      ['eve', 'sold_out', 1, 1, 4],
      ['bob', 'sold', 1, 3, 6],
      ['bob', 'already_bought', 1, 5, 8],
    ])
    expect(found).toMatchObject({ verdict: 'pass' })
    expect(found.message).toContain('2 refusals')
  })

  it('reckons with units that somebody got beyond what was held before and what was told', () => {
    const found = orderOf(
      [
        ['old', 'already_bought', 1, 0, 1],
        ['ann', 'sold', 1, 0, 2],
        ['eve', 'sold_out', 1, 3, 4],
      ],
      { sale: saleOf({ initial: 3 }), start: heldAt(2, { old: 1 }), state: stateOf(0, { old: 2, ann: 1 }) },
    )
    expect(found.verdict).toBe('pass')
  })

  it('convicts nobody by a limit that is not stated', () => {
    const of = (limitAssumed?: true) =>
      orderOf(
        [
          ['ann', 'sold', 2, 0, 1],
          ['ann', 'sold', 2, 2, 3],
          ['ann', 'already_bought', 1, 4, 5],
        ],
        {
          stock: 9,
          sale: saleOf({ initial: 9, perUser: { orders: 3, units: 2 }, ...(limitAssumed && { limitAssumed }) }),
        },
      ).verdict
    expect(of()).toBe('fail')
    expect(of(true)).toBe('pass')
  })

  it('is untested where nobody was refused', () => {
    expect(orderOf([['ann', 'sold', 1, 0, 1]]).verdict).toBe('untested')
  })

  describe('a refusal before the units were gone', () => {
    const early: Timed[] = [
      ['ann', 'sold', 1, 0, 2],
      ['eve', 'sold_out', 1, 1, 4],
      ['bob', 'sold', 1, 5, 6],
    ]

    it('fails, names who was refused and draws what was under way', () => {
      const found = orderOf(early)
      expect(found).toMatchObject({ verdict: 'fail', users: ['eve'], observed: 1, expected: 0 })
      expect(found.message).toBe(
        '1 answer cannot be true: eve was told that too little is left, while enough was (when eve was refused, at most 1 of 2 can have been sold)',
      )
      expect(found.drawing).toEqual([
        '                0.000 ms                        6.002 ms',
        'ann sold 1      ├────────────┤',
        'eve sold_out 1        ├───────────────────┤              ← refused, with all these units still to be had',
        'bob sold 1                                      ├──────┤',
      ])
    })

    it('passes where the later purchase had begun by then', () => {
      expect(orderOf(early.with(2, ['bob', 'sold', 1, 4, 6])).verdict).toBe('pass')
    })

    it('counts all of them', () => {
      const found = orderOf([...early, ['joe', 'sold_out', 1, 2, 3], ['zoe', 'sold_out', 1, 5, 7]])
      expect(found).toMatchObject({ observed: 2, users: ['eve', 'joe'] })
    })

    it('is excused by an attempt without an answer, unless the records say that it bought nothing', () => {
      const open: Timed[] = [...early.slice(0, 2), ['joe', 'unknown', 1, 1, 9]]
      expect(orderOf(open).verdict).toBe('pass')
      expect(orderOf(open, { state: stateOf(0, { ann: 1, joe: 1 }) }).verdict).toBe('pass')
      expect(orderOf(open, { state: stateOf(1, { ann: 1 }) })).toMatchObject({ verdict: 'fail', users: ['eve'] })
    })

    it('is not excused by more open attempts than there were units for', () => {
      const found = orderOf([...early, ['joe', 'unknown', 1, 1, 9], ['joe', 'sold_out', 1, 2, 3]])
      expect(found).toMatchObject({ verdict: 'fail', observed: 2 })
    })

    it('is excused by units that went to buyers whom no run knows', () => {
      expect(orderOf(early.slice(0, 2), { state: stateOf(0, { ann: 1, foreign: 1 }) }).verdict).toBe('pass')
    })

    it('convicts nobody once the stock key has outlived its time', () => {
      const sale = saleOf({ initial: 2, ttlSeconds: 60 })
      const state = stateOf(0, { ann: 1 }, { ttlSeconds: null })
      const found = orderOf(early.slice(0, 2), { sale, state, nowMs: SEEDED_MS + 120_000 })
      expect(found).toMatchObject({ verdict: 'inconclusive', users: ['eve'] })
      expect(found.message).toContain('lifetime')
    })
  })

  it('of quantities: 3 units, two buyers of 2 and one of 1, who is refused while a unit comes back', () => {
    const found = orderOf(
      [
        ['ann', 'sold', 2, 0, 5],
        ['bob', 'insufficient_stock', 2, 1, 6],
        ['eve', 'sold_out', 1, 2, 4],
      ],
      { stock: 3 },
    )
    expect(found).toMatchObject({ verdict: 'fail', users: ['eve'] })
    expect(found.message).toContain('at most 2 of 3')
  })

  describe('sold out for 2, with 1 left', () => {
    const told: Timed[] = [
      ['ann', 'sold', 1, 0, 1],
      ['eve', 'sold_out', 2, 2, 3],
    ]
    it('is true where "sold out" may mean too few', () => expect(orderOf(told).verdict).toBe('pass'))
    it('is false in a shop whose answers are exact', () =>
      expect(orderOf(told, { exact: true })).toMatchObject({ verdict: 'fail', users: ['eve'] }))
  })

  it('already bought, before the purchase began', () => {
    const found = orderOf([
      ['ann', 'already_bought', 1, 0, 1],
      ['ann', 'sold', 1, 2, 3],
    ])
    expect(found).toMatchObject({ verdict: 'fail', users: ['ann'] })
    expect(found.message).toContain('before their purchase had begun')
    expect(found.drawing.join('\n')).toContain('← told "already bought"')
  })

  it('already bought, by one who never did: the undo of a double click', () => {
    const told: Timed[] = [
      ['bob', 'sold', 2, 0, 1],
      ['ann', 'already_bought', 1, 2, 4],
      ['ann', 'sold_out', 1, 2, 5],
    ]
    const found = orderOf(told)
    expect(found).toMatchObject({ verdict: 'fail', users: ['ann'] })
    expect(found.message).toContain('no purchase of theirs explains it')
    expect(orderOf([...told, ['ann', 'unknown', 1, 5, 9]]).verdict, 'one that began later is no excuse').toBe('fail')
    expect(orderOf([...told.slice(0, 2), ['ann', 'unknown', 1, 3, 9]], { stock: 3 }).verdict).toBe('pass')
    expect(orderOf(told, { start: startOf(2, ['ann']) }).verdict, 'ann held a record before').toBe('pass')
    expect(orderOf(told, { start: startOf(2, null, 9) }).verdict, 'who did is not known').toBe('pass')
  })

  it('told again what nobody ever ordered before', () => {
    const told: Timed[] = [
      ['ann', 'replayed', 1, 0, 1],
      ['ann', 'sold', 1, 2, 3],
    ]
    expect(orderOf(told).message).toContain('before their purchase had begun')
    expect(orderOf(told.slice(0, 1)).verdict, 'its own first answer may have been lost').toBe('pass')
  })

  it('sold twice, and more than there was', () => {
    const found = orderOf([
      ['ann', 'sold', 1, 0, 1],
      ['ann', 'sold', 1, 0, 1],
      ['bob', 'sold', 1, 2, 3],
    ])
    expect(found.message).toContain('ann was told "sold" more often than one user may buy')
    expect(found.message).toContain('bob was told "sold" when nothing can have been left')
  })

  it('a buyer who is told "sold out" by a shop that knows its buyers', () => {
    const told: Timed[] = [
      ['ann', 'sold', 1, 0, 1],
      ['ann', 'sold_out', 1, 2, 3],
    ]
    expect(orderOf(told, { stock: 1, exact: true })).toMatchObject({ verdict: 'fail', users: ['ann'] })
    expect(orderOf(told, { stock: 1 }).verdict).toBe('pass')
  })

  it('counts what a user may have: two orders of three units', () => {
    const sale = saleOf({ initial: 9, perUser: { orders: 2, units: 3 } })
    const twice: Timed[] = [
      ['ann', 'sold', 1, 0, 1],
      ['ann', 'sold', 2, 2, 3],
      ['ann', 'already_bought', 1, 4, 5],
    ]
    expect(orderOf(twice, { sale, stock: 9 }).verdict).toBe('pass')
    expect(orderOf(twice.with(1, ['ann', 'sold', 3, 2, 3]), { sale, stock: 9 }).verdict, 'units').toBe('fail')
    expect(orderOf([...twice, ['ann', 'sold', 1, 6, 7]], { sale, stock: 9 }).verdict, 'orders').toBe('fail')
    expect(orderOf(twice.toSpliced(1, 1), { sale, stock: 9 }).message).toContain('no purchase of theirs')
  })

  describe('several runs', () => {
    const before = timed([['ann', 'sold', 1, 0, 1]], { minute: 1 })
    const after = (told: Timed[]) => timed(told, { minute: 2, start: startOf(1, ['ann']) })

    it('are one history: who bought in the first was told so in the second', () => {
      const runs = [
        before,
        after([
          ['ann', 'already_bought', 1, 0, 1],
          ['eve', 'insufficient_stock', 2, 2, 3],
        ]),
      ]
      expect(orderOf([], { runs }).verdict).toBe('pass')
      expect(orderOf([], { runs: [runs[1]!, runs[0]!] }).verdict).toBe('pass')
    })

    it('a refusal in the first is not excused by a sale in the second', () => {
      const first = timed(
        [
          ['ann', 'sold', 1, 0, 1],
          ['eve', 'sold_out', 1, 2, 3],
        ],
        { minute: 1 },
      )
      const runs = [first, after([['bob', 'sold', 1, 0, 1]])]
      expect(orderOf([], { runs })).toMatchObject({ verdict: 'fail', users: ['eve'] })
    })

    it('that overlap excuse each other', () => {
      const first = timed(
        [
          ['ann', 'sold', 1, 0, 1],
          ['eve', 'sold_out', 1, 2, 3],
        ],
        { minute: 1 },
      )
      const runs = [first, timed([['bob', 'sold', 1, 0, 1]], { minute: 1 })]
      expect(orderOf([], { runs }).verdict).toBe('pass')
    })
  })

  it('a log that ends early may lack what explains its answers', () => {
    const torn = { ...timed([['eve', 'sold_out', 1, 1, 4]]), footer: null }
    expect(orderOf([], { runs: [torn] })).toMatchObject({ verdict: 'inconclusive' })
  })

  it('more explanations than can be tried are not a pass', () => {
    const many = Array.from({ length: 13 }, (_, i): Timed[] => [
      [`u${i}`, 'unknown', 1, 0, 99],
      [`u${i}`, 'unknown', 2, 2, 99],
    ]).flat()
    const told: Timed[] = [...many, ['eve', 'sold_out', 9, 1, 1], ['joe', 'sold_out', 1, 3, 3]]
    expect(orderOf(told, { stock: 13 })).toMatchObject({ verdict: 'inconclusive' })
  })

  it('nor are more tries of one user than can be combined, and they excuse a refusal', () => {
    const sale = saleOf({ initial: 13, perUser: { orders: 20, units: 20 } })
    const many = Array.from({ length: 13 }, (): Timed => ['ann', 'unknown', 1, 0, 99])
    const told: Timed[] = [...many, ['eve', 'sold_out', 1, 1, 2]]
    expect(orderOf(told, { sale, stock: 13 }).verdict).toBe('inconclusive')
    expect(orderOf(told.slice(1), { sale, stock: 13 }).verdict).toBe('fail')
  })
})
