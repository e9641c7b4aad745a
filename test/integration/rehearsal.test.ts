import { afterEach, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import type { Attempt } from '../../src/history/attempt.js'
import { Classifier } from '../../src/load/classify.js'
import { LocalCrew } from '../../src/load/crew.js'
import { compileRequest } from '../../src/load/request.js'
import { type ShapeOptions, shapeOf } from '../../src/load/shape.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { rawServer, response } from '../helpers/raw-http.js'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A run of so many users, and what its rehearsal did; `twin` may change the transport that it gets. */
const crewOf = async (
  users: number,
  wish: ShapeOptions,
  twin = (transport: SocketTransport) => transport,
  attemptsPerUser = 1,
) => {
  const server = await rawServer((_request, socket) => socket.write(response('sold out')))
  const transport = new SocketTransport({
    request: compileRequest({ url: server.url, method: 'GET', path: '/{{user}}' }),
    ...{ timeoutMs: 20_000, nowUs: monotonicUs },
  })
  let rehearsed = 0
  const twinAt = transport.twinAt.bind(transport)
  transport.twinAt = (origin) => {
    const made = twin(twinAt(origin))
    for (const way of ['send', 'arm'] as const) {
      const go = made[way].bind(made) as (...args: unknown[]) => never
      made[way] = (...args: unknown[]) => {
        rehearsed++
        return go(...args)
      }
    }
    return made
  }
  const classifier = new Classifier([])
  const taken: Attempt[] = []
  const crew = new LocalCrew({
    plan: { users, seed: 1, duplicates: 0, quantity: { min: 1, max: 1 }, attemptsPerUser },
    shape: shapeOf(wish, Date.now()),
    users: { kind: 'sequential' },
    signal: new AbortController().signal,
    take: (attempt) => void taken.push(attempt),
    originUs: () => 0,
    ...{ transport, classifier },
  })
  cleanups.push(server.close, () => crew.close())
  await crew.open()
  return { crew, server, taken, rehearsed: () => rehearsed, groups: () => classifier.groups() }
}

it.each<[string, number, ShapeOptions]>([
  ['a burst', 1_000, { burst: true, concurrency: 50 }],
  ['a small burst', 100, { burst: true }],
  ['an open load', 1_000, { rate: '20000/s' }],
])('%s is rehearsed, counted nowhere, and unseen by the target', async (_name, users, wish) => {
  const { crew, server, taken, rehearsed, groups } = await crewOf(users, wish)
  expect(rehearsed()).toBeGreaterThanOrEqual(100)
  expect([server.requests.length, taken.length, groups().length]).toEqual([0, 0, 0])
  const before = rehearsed()
  await crew.fire(monotonicUs())
  expect([server.requests.length, taken.length, rehearsed() - before]).toEqual([users, users, 0])
})

it.each<[string, number, ShapeOptions]>([
  ['a few attempts', 99, { burst: true }],
  ['a closed load', 1_000, { concurrency: 50 }],
])('%s need none', async (_name, users, wish) => {
  expect((await crewOf(users, wish)).rehearsed()).toBe(0)
})

it('of two users who try and try takes no share of them that is none', async () => {
  const { rehearsed } = await crewOf(2, { rate: '20000/s' }, (transport) => transport, 4_000)
  expect(rehearsed()).toBeGreaterThanOrEqual(100)
})

it('holds no descriptor beyond its end, and at no time more than the run will', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  await expect.poll(sockets).toBe(0)
  let most = 0
  await crewOf(400, { burst: true, concurrency: 30 }, (transport) => {
    const arm = transport.arm.bind(transport)
    transport.arm = (...args) => {
      most = Math.max(most, sockets())
      return arm(...args)
    }
    return transport
  })
  // Both ends of the one that looked for the target may still be closing.
  expect(sockets()).toBeLessThanOrEqual(2)
  expect(most).toBeGreaterThan(10)
  expect(most).toBeLessThanOrEqual(30)
})

it('is no condition: what cannot be rehearsed begins all the same', async () => {
  const refuse = (transport: SocketTransport) => {
    transport.open = () => Promise.reject(new SeckillError('target_unreachable', 'no descriptors left'))
    return transport
  }
  const { crew, taken, rehearsed } = await crewOf(1_000, { burst: true, concurrency: 50 }, refuse)
  await crew.fire(monotonicUs())
  expect([rehearsed(), taken.length]).toEqual([0, 1_000])
})
