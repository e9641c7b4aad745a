import { expect, it } from 'vitest'
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

it('an order survives its text, the expiry too', () => {
  const order = [0, 2, 1, 0]
  expect(
    replayText(
      order.map((actor) => ({ actor })),
      2,
    ),
  ).toBe('1x21')
  expect(parseReplay('1x21', 2)).toEqual(order)
})

it.each(['13', '0', 'a', '1 2', '1X'])('%j is no order of two buyers', (text) =>
  expect(() => parseReplay(text, 2)).toThrow(/is no order of 2 buyers/),
)

it('names its buyers', () => {
  expect(describeSetting(settingOf([1, 2, 1], 5, 'aba'))).toBe('alice 1, bob 2, alice 1; stock 5')
})
