import { describe, expect, it } from 'vitest'
import { type History, judged, runOf, saleOf, startOf, stateOf, type Told } from '../../helpers/history.js'

const judge = (history: History) => judged('no-oversell', history)

const SIX_TOLD: Told[] = [
  ['ann', 'sold', 2],
  ['bob', 'sold', 2],
  ['eve', 'sold', 2],
]
const FIVE_TOLD: Told[] = [
  ['ann', 'sold', 2],
  ['bob', 'sold', 2],
  ['eve', 'sold'],
  ['joe', 'sold_out'],
]
const FIVE = { ann: 2, bob: 2, eve: 1 }

describe('no-oversell', () => {
  it('passes where more was asked for than there is', () => {
    expect(judge({ state: stateOf(0, FIVE), runs: [runOf(FIVE_TOLD)] })).toMatchObject({
      verdict: 'pass',
      message: '5 of 5 units for sale are recorded, 5 were acknowledged',
      ...{ observed: 5, expected: 5, users: [], keys: ['a_users'] },
    })
  })

  it('is untested where no more was asked for than there is', () => {
    const runs = [runOf(FIVE_TOLD.slice(0, 3))]
    const found = judge({ state: stateOf(0, FIVE), runs })
    expect(found).toMatchObject({ verdict: 'untested', observed: 5, expected: 5 })
    expect(found.message).toContain('no more than that was asked for')
  })

  it('judges the store alone, and does not speak of answers', () => {
    const found = judge({ state: stateOf(0, FIVE), runs: null })
    expect(found).toMatchObject({ verdict: 'pass', message: '5 of 5 units for sale are recorded' })
    expect(judge({ state: stateOf(0, { ...FIVE, joe: 1 }), runs: null })).toMatchObject({
      verdict: 'fail',
      message: '6 units are recorded, but there were 5 units for sale',
    })
  })

  it('fails for more units recorded than there were, though few were acknowledged', () => {
    const told: Told[] = [...FIVE_TOLD.slice(0, 3), ['joe', 'unknown']]
    expect(judge({ state: stateOf(-1, { ...FIVE, joe: 1 }), runs: [runOf(told)] })).toMatchObject({
      verdict: 'fail',
      message: '6 units are recorded, but there were 5 units for sale',
      ...{
        observed: 6,
        expected: 5,
        users: [],
        next: 'seckill race --strategy counter-lua',
      },
    })
  })

  it('fails for more units acknowledged than there were, and names the last to be told', () => {
    expect(judge({ state: stateOf(1, { ann: 2, bob: 2 }), runs: [runOf(SIX_TOLD)] })).toMatchObject({
      verdict: 'fail',
      message: 'buyers were told they got 6, but there were 5 units for sale; the last 1 to be told: eve',
      ...{ observed: 6, expected: 5, users: ['eve'] },
    })
  })

  it('names those told last by the clock, over all runs, whatever the order of the logs', () => {
    const early = runOf([['zoe', 'sold', 2]], { minute: 1 })
    const late = runOf(
      [
        ['ann', 'sold', 2],
        ['bob', 'sold', 2],
      ],
      { minute: 2, start: startOf(3, ['zoe']) },
    )
    const state = stateOf(-1, { zoe: 2, ann: 2, bob: 2 })
    for (const runs of [
      [early, late],
      [late, early],
    ]) {
      const found = judge({ state, runs })
      expect(found.users).toEqual(['bob'])
      expect(found.message).toContain('6 units are recorded and buyers were told they got 6')
    }
  })

  it.each([
    ['without Redis', { state: null, runs: [runOf(SIX_TOLD)] }],
    ['while the sale moves', { state: stateOf(1, { ann: 2 }), moving: '1 left', runs: [runOf(SIX_TOLD)] }],
    ['on a torn log', { state: stateOf(0, FIVE), runs: [runOf(SIX_TOLD, { torn: true })] }],
    ['where neither stock nor records moved', { state: stateOf(5), runs: [runOf(SIX_TOLD)] }],
  ] satisfies [string, History][])('what buyers were told convicts %s', (_when, history) => {
    expect(judge(history)).toMatchObject({ verdict: 'fail', observed: 6, users: ['eve'] })
  })

  it('cannot tell without Redis, or while it moves, where no more than the stock was acknowledged', () => {
    expect(judge({ state: null, runs: [runOf(FIVE_TOLD)] })).toMatchObject({
      verdict: 'inconclusive',
      message: 'Redis was not readable',
    })
    const moving = judge({ state: stateOf(0, FIVE), moving: '0 left, 3 records', runs: [runOf(FIVE_TOLD)] })
    expect(moving).toMatchObject({ verdict: 'inconclusive', message: expect.stringContaining('0 left, 3 records') })
  })

  it('does not count what may have been bought as acknowledged', () => {
    const told: Told[] = [...FIVE_TOLD, ['kim', 'unknown', 2], ['lee', 'queued', 2], ['ann', 'replayed', 2]]
    expect(judge({ state: stateOf(0, FIVE), runs: [runOf(told)] })).toMatchObject({ verdict: 'pass', observed: 5 })
  })

  it('names the safe script of the layout', () => {
    const sale = saleOf({ layout: 'list' })
    expect(judge({ sale, state: null, runs: [runOf(SIX_TOLD)] }).next).toContain('--strategy list-lua')
  })

  it('says nothing about demand where a torn log hides some of it', () => {
    const found = judge({ state: stateOf(4, { ann: 1 }), runs: [runOf([['ann', 'sold']], { torn: true })] })
    expect(found.message).not.toContain('no more than that was asked for')
  })
})
