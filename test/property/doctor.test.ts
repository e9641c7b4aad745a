import { expect, it } from 'vitest'
import { examine } from '../../src/doctor/examine.js'
import type { Facts } from '../../src/doctor/facts.js'
import { EXIT } from '../../src/errors.js'
import { fc } from '../helpers/fc.js'

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const bytes = fc.nat({ max: 2 ** 30 })
const clock = maybe(fc.record({ offsetMs: fc.double({ noNaN: true }), withinMs: fc.double({ min: 0, noNaN: true }) }))
const problem = fc.record({
  ...{ message: fc.string({ minLength: 1 }), hint: fc.option(fc.string(), { nil: undefined }) },
  exitCode: fc.constantFrom(EXIT.usage, EXIT.unreachable),
})

const vitals = fc.record({
  facts: fc.record({
    ...{ mark: fc.constant(null), role: maybe(fc.constantFrom('master', 'slave', 'active-replica', 'sentinel')) },
    ...{ primaryLink: maybe(fc.constantFrom('up', 'down')), maxMemory: maybe(bytes) },
    evictionPolicy: maybe(fc.constantFrom('noeviction', 'allkeys-lru', 'volatile-ttl')),
    ...{ snapshots: maybe(fc.constantFrom('', '3600 1')), appendOnly: maybe(fc.boolean()) },
    replicas: fc.array(fc.record({ name: fc.string(), state: fc.constantFrom('online', 'sync'), behindBytes: bytes })),
  }),
  flavour: maybe(fc.record({ name: fc.constantFrom('Redis', 'Valkey', 'KeyDB'), version: fc.string() })),
  ...{ usedMemory: maybe(bytes), lastSave: maybe(fc.constantFrom('ok', 'err')) },
  ...{ lastAppend: maybe(fc.constantFrom('ok', 'err')), fsync: maybe(fc.constantFrom('always', 'everysec', 'no')) },
  ...{ clusterEnabled: maybe(fc.boolean()), clusterState: maybe(fc.constantFrom('ok', 'fail')) },
  clients: maybe(fc.record({ connected: fc.nat(), most: fc.nat() })),
  scriptsRefused: maybe(fc.constantFrom('', 'NOPERM')),
  ...{ roundTripsMs: fc.array(fc.double({ min: 0, noNaN: true })), clock },
})

const facts: fc.Arbitrary<Facts> = fc.record({
  redis: fc.record({
    kind: fc.constantFrom('tcp', 'unix', 'sentinel', 'cluster'),
    ...{ loopback: fc.boolean(), found: fc.oneof({ weight: 5, arbitrary: vitals }, problem) },
  }),
  target: maybe(
    fc.record({
      display: fc.string({ minLength: 1 }),
      found: fc.oneof(fc.record({ status: fc.integer({ min: 100, max: 599 }), clock }), problem),
    }),
  ),
  machine: fc.record({
    ...{ node: fc.string({ minLength: 1 }), cpus: fc.integer({ min: 1, max: 99 }) },
    limits: fc.record({ descriptors: maybe(fc.nat()), ports: maybe(fc.nat()) }),
    connections: fc.nat({ max: 100_000 }),
    redisServer: fc.oneof(fc.record({ path: fc.string({ minLength: 1 }) }), problem),
    bullmq: maybe(fc.string({ minLength: 1 })),
  }),
})

it('whatever the facts, each thing is told once, and verdict and exit code follow from the marks', () =>
  fc.assert(
    fc.property(facts, (told) => {
      const { checks, verdict, exitCode } = examine(told)
      expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
      for (const { message, mark, exitCode: code } of checks) {
        expect(message).not.toBe('')
        expect(code === EXIT.ok).toBe(mark !== 'fail')
      }
      const marks = checks.map(({ mark }) => mark)
      expect(verdict).toBe(marks.includes('fail') ? 'fail' : marks.includes('warn') ? 'warn' : 'ok')
      expect(exitCode === EXIT.ok).toBe(verdict !== 'fail')
      expect([EXIT.ok, ...checks.map((checked) => checked.exitCode)]).toContain(exitCode)
    }),
  ))

/** Told apart by hand: what may happen to the stock for want of memory. */
const evictionMark = (used: number, max: number, policy: string): string => {
  if (max === 0) return policy === 'noeviction' ? 'ok' : 'warn'
  if (used * 10 >= max * 9) return 'fail'
  return policy === 'noeviction' ? 'ok' : 'warn'
}

it('eviction: as told apart by hand', () =>
  fc.assert(
    fc.property(
      facts,
      fc.nat(1_000),
      fc.nat(1_000),
      fc.constantFrom('noeviction', 'allkeys-lru'),
      (told, used, max, policy) => {
        const { found } = told.redis
        fc.pre('facts' in found)
        const server = { ...found, usedMemory: used, facts: { ...found.facts, maxMemory: max, evictionPolicy: policy } }
        const { checks } = examine({ ...told, redis: { ...told.redis, found: server } })
        expect(checks.find(({ id }) => id === 'eviction')?.mark).toBe(evictionMark(used, max, policy))
      },
    ),
  ))
