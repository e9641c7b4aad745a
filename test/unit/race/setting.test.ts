import { expect, it } from 'vitest'
import type { Event } from '../../../src/race/events.js'
import {
  describeSetting,
  PORTFOLIO,
  parseReplay,
  portfolioFor,
  replayText,
  settingFlags,
  settingOf,
} from '../../../src/race/setting.js'
import { planOf } from '../../../src/race/worlds/strategy.js'
import { listNaive } from '../../../src/strategies/list-naive.js'

/** The flags of a setting, as the library takes them. */
const wishIn = (flags: string) => {
  const [, users = '', stock, quantities = ''] = /--users (\w+) --stock (\d+) --quantity ([\d,]+)/.exec(flags) ?? []
  return {
    users: /^\d+$/.test(users) ? Number(users) : users,
    stock: Number(stock),
    quantities: quantities.split(',').map(Number),
    sameUser: flags.includes('--same-user'),
  }
}

it.each(PORTFOLIO.map((setting) => [describeSetting(setting), setting] as const))(
  '%s: its flags bring it back',
  (_, setting) => {
    expect(planOf(listNaive, { strategy: listNaive, ...wishIn(settingFlags(setting)) }).settings).toEqual([setting])
  },
)

it('where one unit is all that anybody gets, quantities are cut and settings kept once', () => {
  expect(portfolioFor(1).map(describeSetting)).toEqual([
    'alice 1; stock 1',
    'alice 1, bob 1; stock 3',
    'alice 1, alice 1; stock 5',
    'alice 1, bob 1; stock 1',
    'alice 1, bob 1; stock 5',
    'alice 1, alice 1; stock 1',
    'alice 1, alice 1, bob 1; stock 1',
    'alice 1, alice 1, bob 1; stock 2',
  ])
})

const letters: Event[] = [{ kind: 'request' }, { kind: 'die', leaves: null }]
const orderOf = (actors: readonly number[], dies = -1) =>
  actors.map((actor, i) => ({ actor, event: letters[i === dies ? 1 : 0] as Event }))
const two = settingOf([1, 1], 1)
const office = { ...two, office: { workers: 2, relay: true } }

it('an order survives its text, the expiry too', () => {
  expect(replayText(orderOf([0, 2, 1, 0]), two)).toBe('1x21')
  expect(parseReplay('1x21', two)).toEqual({ order: [0, 2, 1, 0] })
})

it('workers, the relay and a death survive it as well', () => {
  const order = [0, 5, 3, 3, 4]
  expect(replayText(orderOf(order, 3), office)).toBe('1RA-AB')
  expect(parseReplay('1RA-AB', office)).toEqual({ order, death: { actor: 3, after: 1 } })
})

it.each(['13', '0', 'a', '1 2', '1X', '1A', '-1', '1-', '1--1', '1-12-2', '1x-x'])(
  '%j is no order of two buyers',
  (text) => expect(() => parseReplay(text, two)).toThrow(/is no order of 2 buyers/),
)

it('names its buyers', () => {
  expect(describeSetting(settingOf([1, 2, 1], 5, 'aba'))).toBe('alice 1, bob 2, alice 1; stock 5')
})
