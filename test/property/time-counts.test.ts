import { expect, it } from 'vitest'
import { boundedUs, newHistogram } from '../../src/history/histogram.js'
import { TimeCounts } from '../../src/load/time-counts.js'
import { fc } from '../helpers/fc.js'

/** Of every size, ends of buckets among them; beyond an hour and beyond 32 bits as well. */
const time = fc.oneof(
  fc.double({ min: 0, max: 5_000, noNaN: true }),
  fc.double({ min: 0, max: 2 ** 33, noNaN: true }),
  fc.tuple(fc.nat(33), fc.integer({ min: -1, max: 1 })).map(([bits, near]) => Math.max(0, 2 ** bits + near)),
)

it('times counted in buckets of our own are the histogram that they would have been', () => {
  fc.assert(
    fc.property(fc.array(time), fc.array(time), (some, more) => {
      const expected = newHistogram()
      for (const us of [...some, ...more]) expected.recordValue(boundedUs(us))
      const [one, other] = [new TimeCounts(), new TimeCounts()]
      for (const us of some) one.record(us)
      for (const us of more) other.record(us)
      const found = one.histogram()
      other.addTo(found)
      expect(found.totalCount).toBe(expected.totalCount)
      expect(found.maxValue).toBe(expected.maxValue)
      expect(found.mean).toBe(expected.mean)
      // Every value there is, by its rank.
      const ranks = [...some, ...more].map((_, i, { length }) => (100 * (i + 0.5)) / length)
      for (const rank of ranks) expect(found.getValueAtPercentile(rank)).toBe(expected.getValueAtPercentile(rank))
    }),
  )
})
