import { expect, it } from 'vitest'
import { userNamer, userNaming } from '../../src/sale/usernames.js'
import { fc } from '../helpers/fc.js'

const seed = fc.maxSafeNat()
const index = fc.oneof(fc.nat(10_000_000), fc.integer({ min: 0, max: 2 ** 40 - 1 }))
const kind = fc.constantFrom('random', 'zh', 'sequential' as const)

it('two users of a run never have one name, up to 2^40 of them', () => {
  fc.assert(
    fc.property(kind, seed, index, index, (kind, seed, a, b) => {
      const nameOf = userNamer(userNaming(kind, seed))
      expect(nameOf(a) === nameOf(b)).toBe(a === b)
    }),
    { numRuns: 5_000 },
  )
})

it('neighbours and users far apart in one bit never have one name', () => {
  fc.assert(
    fc.property(kind, seed, index, fc.integer({ min: 0, max: 39 }), (kind, seed, a, bit) => {
      const nameOf = userNamer(userNaming(kind, seed))
      const b = Number(BigInt(a) ^ (1n << BigInt(bit)))
      expect(nameOf(a)).not.toBe(nameOf(b))
    }),
    { numRuns: 5_000 },
  )
})

it('a block of users anywhere has as many names as users', () => {
  fc.assert(
    fc.property(kind, seed, index, (kind, seed, start) => {
      const nameOf = userNamer(userNaming(kind, seed))
      const first = Math.min(start, 2 ** 40 - 2_000)
      expect(new Set(Array.from({ length: 2_000 }, (_, i) => nameOf(first + i))).size).toBe(2_000)
    }),
    { numRuns: 50 },
  )
})

it('a seed replays its names', () => {
  fc.assert(
    fc.property(kind, seed, index, (kind, seed, a) => {
      expect(userNamer(userNaming(kind, seed))(a)).toBe(userNamer(userNaming(kind, seed))(a))
    }),
  )
})
