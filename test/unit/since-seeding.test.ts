import { expect, it } from 'vitest'
import { sinceSeeding } from '../../src/history/since-seeding.js'
import { INITIAL, runOf, startOf } from '../helpers/history.js'

const fresh = (minute: number) => runOf([], { minute, start: startOf(INITIAL, []) })
const later = (minute: number) => runOf([], { minute, start: startOf(2, ['ann']) })
const blind = (minute: number) => runOf([], { minute, start: null })

it.each([
  ['one sale, several runs', [fresh(1), later(2), blind(3)], 3],
  ['seeded again between runs', [fresh(1), later(2), fresh(3), later(4)], 2],
  ['seeded again by hand with records left', [fresh(1), runOf([], { minute: 2, start: startOf(INITIAL, ['ann']) })], 2],
  ['fired without Redis only', [blind(1), blind(2)], 2],
  ['none', [], 0],
])('%s', (_what, runs, count) => {
  expect(sinceSeeding(runs, INITIAL)).toEqual(count === 0 ? [] : runs.slice(-count))
})
