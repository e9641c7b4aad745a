import { describe, expect, it } from 'vitest'
import { orderFigures } from '../../../src/audit/orders.js'
import { orderFiguresText } from '../../../src/sale/order-figures.js'
import { blocksOf, readDocument } from '../../helpers/docs.js'
import { followed } from '../../helpers/followed.js'
import { auditOf, type History, INITIAL, judged, type Records, runOf, saleOf, stateOf } from '../../helpers/history.js'
import { type Books, bookOf } from '../../helpers/order-book.js'

const found = (books: Books, records: Records, wish: Partial<History> = {}) =>
  judged('reserved-is-recorded', { state: stateOf(3, records, { orders: bookOf(books) }), runs: null, ...wish })

const SOLD: Books = {
  reserved: { ann: 2, bob: 1 },
  sold: [
    ['queue', 'ann', 2],
    ['queue-gap', 'bob'],
  ],
}

describe('orders of our own queue', () => {
  it('that were reserved, sold and recorded alike pass, whatever else was bought', () => {
    expect(found(SOLD, { ann: 2, bob: 1 })).toMatchObject({
      ...{ verdict: 'pass', observed: 0, expected: 0, message: /^each of 2 queued orders is sold once/ },
      keys: ['seckill:{goods_a}:claims', 'seckill:{goods_a}:queue:orders', 'a_users'],
    })
    const direct = { ...SOLD, refused: 7, ofOtherSeedings: 3, givenUp: ['refused', null] }
    expect(found(direct, { ann: 2, bob: 1, direct: 2 }).verdict).toBe('pass')
    expect(found({ sold: [['queue-naive', 'ann']] }, { ann: 1 }).verdict).toBe('pass')
  })

  it('are no matter where there are none: no queue, nothing sold by it', () => {
    const history = { state: stateOf(4, { ann: 1 }), runs: null }
    expect(judged('reserved-is-recorded', history)).toMatchObject({ verdict: 'untested', message: /^no order went/ })
    expect(found({ refused: 3, givenUp: ['ann'] }, {})).toMatchObject({ verdict: 'untested', message: /was sold$/ })
  })
})

/** The rows of the failure list that a queue adds, and what its books look like afterwards. */
describe.each<[string, Books, Records, RegExp]>([
  [
    'died between taking the unit and enqueuing the order',
    { reserved: { ann: 2, bob: 1 }, sold: [['queue-gap', 'bob']] },
    { bob: 1 },
    /^2 units reserved for orders that no job knows, and not recorded: ann$/,
  ],
  [
    'a worker gave the order up and kept the unit',
    { reserved: { ann: 1 }, givenUp: ['ann'] },
    {},
    /^1 unit reserved for orders whose jobs were given up, and not recorded: ann$/,
  ],
  [
    'answered "sold" and lost the record later',
    { reserved: { ann: 1 }, sold: [['queue', 'ann']] },
    {},
    /^1 unit sold by jobs and not recorded: ann$/,
  ],
  [
    'the same without claims',
    { sold: [['queue-naive', 'ann', 2]] },
    {},
    /^2 units sold by jobs and not recorded: ann$/,
  ],
  [
    'ran twice, under two tickets: the second record overwrote the first',
    {
      sold: [
        ['queue-naive', 'ann'],
        ['queue-naive', 'ann'],
      ],
    },
    { ann: 1 },
    /^sold by more jobs than a user may have orders: ann$/,
  ],
  [
    'two records of one job',
    { reserved: { ann: 1 }, sold: [['queue', 'ann']] },
    ['ann', 'ann'],
    /^recorded with other units than were reserved or sold: ann$/,
  ],
  [
    'the record lost a unit',
    { reserved: { ann: 2 }, sold: [['queue', 'ann', 2]] },
    { ann: 1 },
    /^recorded with other units .*: ann$/,
  ],
  [
    'the job is of other units than the claim',
    { reserved: { ann: 1 }, sold: [['queue', 'ann', 2]] },
    { ann: 1 },
    /other units/,
  ],
  [
    'recorded an order that nobody reserved',
    {
      reserved: { bob: 1 },
      sold: [
        ['queue', 'bob'],
        ['queue', 'ann'],
      ],
    },
    { ann: 1, bob: 1 },
    /^sold by a job, though nothing was reserved: ann$/,
  ],
  [
    'bought again, beside the queue that lost the order',
    { reserved: { ann: 1 } },
    { ann: 1 },
    /^reserved and recorded, though no job sold it: ann$/,
  ],
  [
    'given up, and recorded nevertheless',
    { reserved: { ann: 1 }, givenUp: ['ann'] },
    { ann: 1 },
    /^reserved and recorded, though no job sold it: ann$/,
  ],
])('%s', (_, books, records, message) => {
  it('fails, and names the user and the units', () => {
    expect(found(books, records)).toMatchObject({
      ...{ verdict: 'fail', message: expect.stringMatching(message), users: ['ann'], observed: 1, expected: 0 },
      ...{ next: 'redis-cli HGET a_users ann', hint: expect.any(String) },
    })
  })
})

describe('several at once', () => {
  it('are told apart, the lost ones first, and each user is named once', () => {
    const books: Books = {
      reserved: { lost: 1, short: 2, up: 1 },
      sold: [
        ['queue', 'short', 2],
        ['queue-naive', 'gone'],
        ['queue-naive', 'gone'],
      ],
      givenUp: ['up'],
    }
    expect(found(books, { short: 1 })).toMatchObject({
      users: ['lost', 'up', 'gone', 'short'],
      observed: 4,
      message: /no job knows.*: lost; .*given up.*: up; 2 units sold by jobs.*: gone; recorded with other.*: short$/,
    })
  })

  it('orders that a user may have count by their units', () => {
    const sale = saleOf({ perUser: { orders: 2, units: 2 } })
    const books: Books = {
      sold: [
        ['queue-naive', 'ann'],
        ['queue-naive', 'ann'],
      ],
    }
    expect(found(books, { ann: 2 }, { sale }).verdict).toBe('pass')
    expect(found(books, { ann: 1 }, { sale })).toMatchObject({ verdict: 'fail', message: /other units/ })
  })
})

it('spellings that a sale takes for one user have a claim, a job and a record each', () => {
  const books: Books = {
    reserved: ['ann', 'ann'],
    sold: [
      ['queue', 'ann'],
      ['queue', 'ann'],
    ],
  }
  const history = { state: stateOf(2, ['ann', 'ann', 'bob'], { orders: bookOf(books) }), runs: null }
  const sale = saleOf({ perUser: { orders: 2, units: 2 } })
  expect(found(books, ['ann', 'ann', 'bob'], { sale }).verdict).toBe('pass')
  expect(orderFigures(auditOf({ ...history, sale }).ledger)).toMatchObject({
    ...{ reserved: 2, jobs: 2, recorded: 2, besides: 1, units: { reserved: 2, jobs: 2, recorded: 2 } },
  })
  expect(found({ ...books, reserved: ['ann'] }, ['ann', 'ann'], { sale }).message).toMatch(/other units/)
})

describe('what cannot be read', () => {
  it.each<[string, Books, Records, RegExp]>([
    ['a record', { reserved: { ann: 1 }, sold: [['queue', 'ann']] }, { ann: 'x' }, /cannot be read: ann$/],
    ['a claim', { reserved: { ann: 'x' }, sold: [['queue', 'ann']] }, { ann: 1 }, /cannot be read: ann$/],
    [
      'a job',
      { ...SOLD, unreadable: ['order-eve'], unreadableCount: 1 },
      { ann: 2, bob: 1 },
      /cannot be read: order-eve$/,
    ],
    ['the queue', { problem: 'K is a list, not a hash' }, {}, /^the queue cannot be read: K is a list/],
  ])('%s leaves the rule open', (_, books, records, message) => {
    expect(found(books, records)).toMatchObject({ verdict: 'inconclusive', message: expect.stringMatching(message) })
  })

  it('may be the job that is missed', () => {
    const books: Books = { reserved: { ann: 1 }, unreadable: ['x'], unreadableCount: 1 }
    expect(found(books, { ann: 1 })).toMatchObject({ verdict: 'inconclusive', message: /cannot be read: x$/ })
  })

  it('hides nothing that is proved', () => {
    const books: Books = { ...SOLD, reserved: { ...SOLD.reserved, eve: 1 }, unreadable: ['x'], unreadableCount: 1 }
    expect(found(books, { ann: 2, bob: 1 })).toMatchObject({ verdict: 'fail', users: ['eve'] })
  })

  it('nor a sale that moves', () =>
    expect(found(SOLD, {}, { moving: '3 in K, not yet relayed' })).toMatchObject({
      ...{ verdict: 'inconclusive', message: 'the sale was still moving: 3 in K, not yet relayed' },
    }))
})

describe('the figures', () => {
  const figures = (books: Books, records: Records, runs: History['runs']) =>
    orderFigures(auditOf({ state: stateOf(3, records, { orders: bookOf(books) }), runs }).ledger)

  it('are four that agree, in orders and in units', () => {
    const runs = [followed({ ann: 'sold', bob: 'sold', eve: 'sold_out' })]
    const told = figures({ ...SOLD, refused: 1 }, { ann: 2, bob: 1 }, runs)
    expect(told).toEqual({
      ...{ won: 2, reserved: 2, jobs: 2, recorded: 2, besides: 0, refused: 1, givenUp: 0, ofOtherSeedings: 0 },
      units: { reserved: 3, jobs: 3, recorded: 3 },
    })
    expect(told && orderFiguresText(told)).toBe(
      'orders in the queue: 2 heard that they won, 2 reserved, 2 sold by jobs, 2 of them recorded; 1 refused',
    )
  })

  it('read as docs/queue.md shows them', () => {
    const units = { reserved: 50, jobs: 50, recorded: 50 }
    const told = { won: 50, ...units, besides: 0, refused: 12, givenUp: 0, ofOtherSeedings: 0, units }
    const [shown] = blocksOf(readDocument('docs/queue.md')).filter(({ language }) => language === 'text')
    expect(shown?.text.trim()).toBe(orderFiguresText(told))
  })

  it('leave out what there is not, and say what is beside them', () => {
    const books: Books = { sold: [['queue-naive', 'ann']], givenUp: ['x'], ofOtherSeedings: 4 }
    const told = figures(books, { ann: 1, direct: 1 }, null)
    expect(told).toMatchObject({ won: null, reserved: null, besides: 1, units: { reserved: null } })
    expect(told && orderFiguresText(told)).toBe(
      'orders in the queue: 1 sold by jobs, 1 of them recorded; 1 given up, 4 of other seedings, 1 bought without the queue',
    )
  })

  it('are none without a queue, or with one that cannot be read', () => {
    const { ledger } = auditOf({ state: stateOf(INITIAL), runs: [runOf([['ann', 'sold_out']])] })
    expect([orderFigures(ledger), figures({ problem: 'no' }, {}, null)]).toEqual([null, null])
  })
})
