import { expect, it } from 'vitest'
import type { Ending } from '../../../src/race/judge.js'
import { explore, type RacePlan } from '../../../src/race/race.js'
import { settingOf } from '../../../src/race/setting.js'
import { Obstacle, type World } from '../../../src/race/world.js'
import { DEFAULTS } from '../../../src/race/worlds/strategy.js'
import { command } from '../../../src/redis/port.js'

const pending = { actor: 0, event: command('DECRBY', 'goods', 2), accesses: [], first: true } as const

/** One buyer, one step, one broken rule; may no longer be started. */
const worldThat = (starts: boolean): World<Ending> => ({
  actors: [{ name: 'alice', alike: null, marks: [] }],
  start: async () => {
    if (!starts) throw new Obstacle('the shop ended')
    return [pending]
  },
  step: async () => ({ step: { ...pending, reply: -1, stock: -1, last: true }, pending: [] }),
  finish: async () => ({
    outcomes: ['sold'],
    violations: [{ rule: 'no-negative-stock', message: 'below zero', hint: null }],
    fingerprint: 'x',
  }),
  close: async () => {},
})

const PLAN: RacePlan = { ...DEFAULTS, settings: [settingOf([2], 1)], replay: null }

it('what was found is shown though nothing smaller can be looked for', async () => {
  let worlds = 0
  const result = await explore(() => worldThat(worlds++ === 0), PLAN, { now: () => 0 })
  expect(worlds).toBe(2)
  expect(result).toMatchObject({ verdict: 'fail', counterexamples: [{ violations: [{ rule: 'no-negative-stock' }] }] })
})

it('what cannot be explored from the start is no verdict', async () => {
  await expect(explore(() => worldThat(false), PLAN, { now: () => 0 })).rejects.toThrow('the shop ended')
})
