import { describe, expect, it } from 'vitest'
import { share } from '../../src/cli/options.js'
import { attemptsOf, type LoadPlan, plannedAttempts } from '../../src/load/plan.js'
import { fc } from '../helpers/fc.js'

const plan = (wish: Partial<LoadPlan> = {}): LoadPlan => ({
  ...{ users: 1_000, seed: 42, duplicates: 0, quantity: { min: 1, max: 2 } },
  ...wish,
})

describe('a plan', () => {
  it('has every user once, and the double clicks right behind their first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 0, max: 100 }),
        fc.nat(),
        (users, percent, seed) => {
          const attempts = [...attemptsOf(plan({ users, seed, duplicates: percent / 100 }))]
          const firsts = attempts.filter(({ copy }) => copy === 0)
          expect(firsts.map(({ userIndex }) => userIndex)).toEqual(Array.from({ length: users }, (_, i) => i))
          attempts.forEach((attempt, i) => {
            if (attempt.copy > 0) expect(attempts[i - 1]).toEqual({ ...attempt, copy: attempt.copy - 1 })
          })
          expect(attempts).toHaveLength(plannedAttempts(plan({ users, duplicates: percent / 100 })))
        },
      ),
    )
  })

  it('has exactly the share of double clicks that was asked for, whatever binary fractions make of it', () => {
    const wrong: string[] = []
    for (let percent = 0; percent <= 100; percent++) {
      for (const users of [100, 1_000, 20_000]) {
        const duplicates = share(`${percent}%`)
        const twice = plannedAttempts(plan({ users, duplicates })) - users
        if (twice !== (users * percent) / 100) wrong.push(`${percent}% of ${users}: ${twice}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('spreads the double clicks evenly', () => {
    const twice = [...attemptsOf(plan({ users: 1_000, duplicates: 0.05 }))].filter(({ copy }) => copy === 1)
    expect(twice).toHaveLength(50)
    twice.slice(1).forEach(({ userIndex }, i) => {
      expect(userIndex - twice[i]!.userIndex).toBe(20)
    })
  })

  it('asks for quantities within the range, each about as often', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 4 }),
        (seed, min, width) => {
          const counts = new Map<number, number>()
          for (const { quantity } of attemptsOf(plan({ users: 10_000, seed, quantity: { min, max: min + width } })))
            counts.set(quantity, (counts.get(quantity) ?? 0) + 1)
          expect(Math.min(...counts.keys())).toBe(min)
          expect(Math.max(...counts.keys())).toBe(min + width)
          const expected = 10_000 / (width + 1)
          // Six standard deviations of a fair draw.
          const tolerance = 6 * Math.sqrt(expected)
          for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(tolerance)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is the same for the same numbers, another one for another seed', () => {
    const text = (wish: Partial<LoadPlan>) => JSON.stringify([...attemptsOf(plan(wish))])
    expect(text({ duplicates: 0.1 })).toBe(text({ duplicates: 0.1 }))
    expect(text({ seed: 1 })).not.toBe(text({ seed: 2 }))
  })

  it('of a billion users begins at once', () => {
    const first = attemptsOf(plan({ users: 1_000_000_000, duplicates: 1 })).next().value
    expect(first).toMatchObject({ userIndex: 0, copy: 0 })
  })
})
