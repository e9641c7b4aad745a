import { describe, expect, it } from 'vitest'
import type { StartState } from '../../../src/history/run.js'
import { OUTCOMES } from '../../../src/sale/outcome.js'
import {
  type History,
  heldAt,
  judged,
  runOf,
  saleOf,
  startOf,
  stateOf,
  type Told,
  withoutRecords,
} from '../../helpers/history.js'

const judge = (history: History) => judged('somebody-bought', history)

describe('somebody-bought', () => {
  it('passes for a sale, with or without Redis', () => {
    const runs = [
      runOf([
        ['ann', 'sold'],
        ['bob', 'sold'],
        ['eve', 'sold_out'],
      ]),
    ]
    for (const state of [stateOf(3, { ann: 1, bob: 1 }), null])
      expect(judge({ state, runs })).toMatchObject({
        verdict: 'pass',
        message: '2 purchases succeeded',
        ...{ observed: 2, expected: 'at least 1' },
      })
  })

  it.each(['unknown', 'queued', 'replayed'] as const)('passes for "%s" with a record', (outcome) => {
    const runs = [
      runOf([
        ['ann', outcome],
        ['bob', 'sold_out'],
      ]),
    ]
    expect(judge({ state: stateOf(4, { ann: 1 }), runs })).toMatchObject({
      verdict: 'pass',
      message: '1 purchase succeeded',
    })
  })

  it.each(['already_bought', 'sold_out', 'insufficient_stock'] as const)(
    'fails where all were told "%s"',
    (outcome) => {
      const found = judge({
        state: stateOf(5),
        runs: [
          runOf([
            ['ann', outcome],
            ['bob', outcome],
          ]),
        ],
      })
      expect(found).toMatchObject({
        verdict: 'fail',
        message: 'nobody bought anything, though 5 units stood ready and 2 fitting attempts were refused',
        ...{ observed: 0, expected: 'at least 1', keys: ['goods_a'], next: 'seckill buy memory' },
      })
    },
  )

  it('fails for the last unit that counter-naive gives to nobody', () => {
    const sale = saleOf({ initial: 1 })
    const run = runOf([['ann', 'sold_out']], { start: startOf(1) })
    expect(judge({ sale, state: stateOf(0), runs: [run] })).toMatchObject({
      verdict: 'fail',
      message: 'nobody bought anything, though 1 unit stood ready and 1 fitting attempt was refused',
    })
  })

  it.each(
    OUTCOMES.filter((outcome) => !['sold', 'already_bought', 'sold_out', 'insufficient_stock'].includes(outcome)),
  )('neither passes nor fails where all were told "%s"', (outcome) => {
    const found = judge({
      state: stateOf(5),
      runs: [
        runOf([
          ['ann', outcome],
          ['bob', outcome],
        ]),
      ],
    })
    expect(found.verdict).toBe('inconclusive')
    expect(found.message).toContain(`no answer says why: 2 ${outcome}`)
    expect(found.message.endsWith('(these may have bought)')).toBe(['unknown', 'queued', 'replayed'].includes(outcome))
  })

  it('one refusal among a thousand throttled is a definite answer', () => {
    const told: Told[] = [...Array.from({ length: 1_000 }, (_, i): Told => [`u${i}`, 'throttled']), ['ann', 'sold_out']]
    expect(judge({ state: stateOf(5), runs: [runOf(told)] }).message).toContain('1 fitting attempt was refused')
  })

  it('is skipped where there was no stock at the start', () => {
    const run = runOf([['ann', 'sold_out']], { start: startOf(0, ['old']) })
    expect(judge({ state: stateOf(0, { old: 5 }), runs: [run] })).toMatchObject({
      verdict: 'skipped',
      message: 'there was no stock at the start',
    })
  })

  it('is skipped where nobody asked for as little as there is', () => {
    const run = runOf([['ann', 'insufficient_stock', 2]], { start: startOf(1, ['old']) })
    expect(judge({ state: stateOf(1, { old: 2 }), runs: [run] })).toMatchObject({
      verdict: 'skipped',
      message: 'nobody asked for as little as the 1 unit in stock',
    })
    const fits = runOf(
      [
        ['ann', 'insufficient_stock', 2],
        ['bob', 'sold_out', 1],
      ],
      { start: startOf(1, ['old']) },
    )
    expect(judge({ state: stateOf(1, { old: 2 }), runs: [fits] }).message).toContain('1 fitting attempt was refused')
  })

  it('takes the stock at the start from the earliest run, else from the sale', () => {
    const first = runOf([['ann', 'sold_out']], { minute: 1, start: startOf(0) })
    const second = runOf([['bob', 'sold_out']], { minute: 2, start: startOf(5) })
    for (const runs of [
      [first, second],
      [second, first],
    ])
      expect(judge({ state: stateOf(0), runs }).verdict).toBe('skipped')
    for (const start of [null, startOf(null)])
      expect(judge({ state: stateOf(5), runs: [runOf([['ann', 'sold_out']], { start })] }).verdict).toBe('fail')
  })

  it('a run without attempts says nothing', () => {
    expect(judge({ state: stateOf(5), runs: [runOf([])] })).toMatchObject({
      verdict: 'inconclusive',
      message: expect.stringContaining('there were no attempts'),
    })
  })

  it('a second run whose users all bought before is no complaint', () => {
    const run = runOf([['ann', 'already_bought']], { start: startOf(4, ['ann']) })
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [run] }).verdict).toBe('inconclusive')
  })

  it('a record from before the run, with an unknown answer in it, is no purchase of the run', () => {
    const run = runOf(
      [
        ['ann', 'unknown'],
        ['bob', 'throttled'],
      ],
      { start: startOf(4, ['ann']) },
    )
    expect(judge({ state: stateOf(4, { ann: 1 }), runs: [run] }).verdict).toBe('inconclusive')
  })

  // The one unit may have gone to ann: without her record nobody can tell.
  describe.each([
    ['Redis is out of reach', { state: null }],
    ['the records cannot be read', { state: withoutRecords(0) }],
    ['the sale still moves', { state: stateOf(0), moving: '0 left, 0 records a moment ago' }],
  ] satisfies [string, Pick<History, 'state' | 'moving'>][])('where %s', (_why, seen) => {
    const sale = saleOf({ initial: 1 })

    it.each(['unknown', 'queued', 'replayed'] as const)('"%s" keeps it from accusing', (outcome) => {
      const runs = [
        runOf(
          [
            ['ann', outcome],
            ['bob', 'sold_out'],
          ],
          { start: startOf(1) },
        ),
      ]
      expect(judge({ sale, runs, ...seen }).verdict).toBe('inconclusive')
    })

    it('those who had bought before are not refused', () => {
      const runs = [runOf([['ann', 'already_bought']], { start: startOf(1, ['ann']) })]
      expect(judge({ sale, runs, ...seen }).verdict).toBe('inconclusive')
    })
  })

  it('a torn log proves nothing', () => {
    for (const outcome of ['sold_out', 'throttled'] as const) {
      const torn = runOf([['ann', outcome]], { torn: true })
      expect(judge({ state: stateOf(5), runs: [torn] })).toMatchObject({
        ...{ verdict: 'inconclusive', message: expect.stringContaining('ends early') },
      })
    }
  })

  it('a torn log does not prove that nobody asked for so little', () => {
    const torn = runOf([['ann', 'insufficient_stock', 2]], { start: startOf(1, ['old']), torn: true })
    expect(judge({ state: stateOf(1, { old: 2 }), runs: [torn] }).verdict).toBe('inconclusive')
  })

  it('a record that nobody was told of is a purchase, unless it is older than the runs', () => {
    const refused: Told[] = [['ann', 'sold_out']]
    const found = (start: StartState) =>
      judged('somebody-bought', { state: stateOf(4, { ann: 1 }), runs: [runOf(refused, { start })] })
    expect(found(startOf(5)).verdict).toBe('pass')
    expect(found(startOf(4, ['ann'])).verdict).toBe('fail')
    expect(found(heldAt(4, { ann: 1 })).verdict).toBe('fail')
    expect(found(heldAt(4, { ann: 0 })).verdict).toBe('pass')
  })
})
