import { describe, expect, it } from 'vitest'
import type { FinalState, RecordSource } from '../../../src/sale/final-state.js'
import {
  auditOf,
  type History,
  heldAt,
  judged,
  runOf,
  saleOf,
  startOf,
  stateOf,
  type Told,
} from '../../helpers/history.js'

const TOLD: Told[] = [
  ['ann', 'sold', 2],
  ['bob', 'sold', 1],
]
const SOLD = { ann: 2, bob: 1 }

/** A place of records beside the hash. */
const place = (key: string, records: Record<string, number>): RecordSource => {
  const [source] = stateOf(0, records).records
  return { ...(source as RecordSource), key }
}

const withPlaces = (remaining: number, ...records: RecordSource[]): FinalState => stateOf(remaining, {}, { records })

const disagreementsOf = (history: History) => {
  const { testified, disagreements } = auditOf(history).witnesses
  return { names: testified.map(({ witness }) => witness), said: disagreements.map(({ message }) => message) }
}

describe('the three witnesses', () => {
  it('agree where all is well', () => {
    expect(auditOf({ state: stateOf(2, SOLD), runs: [runOf(TOLD)] }).witnesses).toEqual({
      testified: [
        { witness: 'told', units: 3, open: 0 },
        { witness: 'recorded in a_users', units: 3, open: 0 },
        { witness: 'left the stock', units: 3, open: 0 },
      ],
      disagreements: [],
    })
  })

  it('a counter that looks right proves nothing: the pairs that differ are named, and by how much', () => {
    const told: Told[] = [...TOLD, ['eve', 'sold', 2], ['joe', 'sold', 2]]
    expect(disagreementsOf({ state: stateOf(2, SOLD), runs: [runOf(told)] }).said).toEqual([
      'told 7, recorded in a_users 3: 4 apart',
      'told 7, left the stock 3: 4 apart',
    ])
    expect(disagreementsOf({ state: stateOf(1, SOLD), runs: [runOf(TOLD)] }).said).toEqual([
      'told 3, left the stock 4: 1 apart',
      'recorded in a_users 3, left the stock 4: 1 apart',
    ])
  })

  it('an attempt without an answer may have bought or not', () => {
    const told: Told[] = [...TOLD, ['eve', 'unknown', 2]]
    expect(disagreementsOf({ state: stateOf(2, SOLD), runs: [runOf(told)] }).said).toEqual([])
    expect(disagreementsOf({ state: stateOf(0, { ...SOLD, eve: 2 }), runs: [runOf(told)] }).said).toEqual([])
    expect(disagreementsOf({ state: stateOf(-1, SOLD), runs: [runOf(told)] }).said).toEqual([
      'told 3 to 5, left the stock 6: 1 apart',
      'recorded in a_users 3, left the stock 6: 3 apart',
    ])
  })

  it('what was sold before the first run concerns none of them', () => {
    const run = runOf(TOLD, { start: startOf(4, ['zoe']) })
    expect(disagreementsOf({ state: stateOf(1, { ...SOLD, zoe: 1 }), runs: [run] }).said).toEqual([])
  })

  it('nor does it where no stock tells how much that was', () => {
    const sale = saleOf({ places: { ...saleOf().places, stock: { type: 'none', capacity: 5 } } })
    const run = runOf(TOLD, { start: { ...heldAt(4, { zoe: 1 }), remaining: null } })
    const said = (records: Record<string, number>) =>
      disagreementsOf({ sale, state: stateOf(1, records), runs: [run] }).said
    expect(said({ ...SOLD, zoe: 1 })).toEqual([])
    expect(said({ ...SOLD, zoe: 2 })).toEqual(['told 3, recorded in a_users 4: 1 apart'])
  })

  it('one that is missing, moves or cannot be read says nothing', () => {
    const runs = [runOf(TOLD)]
    expect(disagreementsOf({ state: null, runs }).names).toEqual(['told'])
    expect(disagreementsOf({ state: stateOf(0, SOLD), runs, moving: 'it moves' }).names).toEqual(['told'])
    expect(disagreementsOf({ state: stateOf(null, SOLD), runs }).names).toEqual(['told', 'recorded in a_users'])
    expect(disagreementsOf({ state: stateOf(0, { ann: 'two' }), runs }).names).toEqual(['told', 'left the stock'])
    expect(disagreementsOf({ state: stateOf(2, SOLD), runs: null }).names).toEqual([
      'recorded in a_users',
      'left the stock',
    ])
  })
})

describe('several places of records', () => {
  const users = place('a_users', SOLD)
  const runs = [runOf(TOLD)]

  it('each hold the whole truth: nothing is counted twice', () => {
    const result = auditOf({ state: withPlaces(2, users, place('orders.csv', SOLD)), runs })
    expect(result.verdict).toBe('pass')
    expect(result.witnesses.testified.map(({ units }) => units)).toEqual([3, 3, 3, 3])
  })

  it('a record that only one of them lacks is missing, and the place is named', () => {
    const state = withPlaces(2, users, place('orders.csv', { ann: 2 }))
    expect(auditOf({ state, runs }).verdict).toBe('fail')
    const found = judged('acknowledged-is-recorded', { state, runs })
    expect(found).toMatchObject({ verdict: 'fail', users: ['bob'], keys: ['orders.csv'] })
    expect(found.message).toMatch(/^orders\.csv: 1 user was told/)
    expect(judged('conservation', { state, runs }).message).toMatch(/^orders\.csv: 2 left \+ 2 recorded = 4/)
    expect(disagreementsOf({ state, runs }).said).toContain(
      'recorded in a_users 3, recorded in orders.csv 2: 1 apart; they differ about 1 user: bob',
    )
  })

  it('that add up alike and yet differ are found without stock and without a run', () => {
    const state = { ...withPlaces(2, users, place('orders.csv', { ann: 1, bob: 2 })), remaining: null }
    expect(judged('conservation', { state, runs: null })).toMatchObject({
      ...{ verdict: 'fail', users: ['ann', 'bob'], observed: 0 },
      message: 'recorded in a_users 3, recorded in orders.csv 3: 0 apart; they differ about 2 users: ann, bob',
    })
  })
})
