import { expect, it } from 'vitest'
import { fc } from '../helpers/fc.js'
import { judged, stateOf } from '../helpers/history.js'
import { bookOf } from '../helpers/order-book.js'

const units = fc.constantFrom(1, 2)
const maybe = fc.option(units)

/** What the witnesses say of one user. */
const orders = fc.record({
  claim: maybe,
  jobs: fc.array(fc.record({ strategy: fc.constantFrom('queue', 'queue-gap', 'queue-naive'), units }), {
    maxLength: 2,
  }),
  givenUp: fc.boolean(),
  record: maybe,
})

type Orders = (typeof orders)['generate'] extends (...args: never[]) => { value: infer T } ? T : never

/**
 * By the words of the rule: one order of some units explains all that is known of a user: one job that sold it, its record,
 * and its claim, which only a shop without claims may do without.
 */
const isExplained = ({ claim, jobs, record }: Orders): boolean =>
  [1, 2].some((ordered) =>
    (['queue', 'queue-naive'] as const).some((shop) => {
      const claims = shop === 'queue' ? [ordered] : [ordered, null]
      const sells = (strategy: string) => (strategy === 'queue-naive') === (shop === 'queue-naive')
      const [job] = jobs
      const soldOnce = jobs.length === 1 && job?.units === ordered && sells(job.strategy)
      return soldOnce && record === ordered && claims.includes(claim)
    }),
  )

it('reserved-is-recorded is what its words say, for all that witnesses can say of up to three users', () => {
  fc.assert(
    fc.property(fc.array(orders, { minLength: 1, maxLength: 3 }), (all) => {
      const named = all.map((each, i) => ({ ...each, user: `u${i}` }))
      const entries = (of: 'claim' | 'record') =>
        Object.fromEntries(named.flatMap((each) => (each[of] === null ? [] : [[each.user, each[of]]])))
      const book = bookOf({
        reserved: entries('claim'),
        sold: named.flatMap(({ user, jobs }) => jobs.map(({ strategy, units }) => [strategy, user, units] as const)),
        givenUp: named.flatMap(({ user, givenUp }) => (givenUp ? [user] : [])),
      })
      const found = judged('reserved-is-recorded', {
        state: stateOf(0, entries('record'), { orders: book }),
        runs: null,
      })
      const ordered = named.filter(({ claim, jobs }) => claim !== null || jobs.length > 0)
      const wronged = ordered.filter((each) => !isExplained(each)).map(({ user }) => user)
      expect(found.verdict).toBe(ordered.length === 0 ? 'untested' : wronged.length > 0 ? 'fail' : 'pass')
      expect([...found.users].sort()).toEqual(wronged)
    }),
    { numRuns: 2_000 },
  )
})
