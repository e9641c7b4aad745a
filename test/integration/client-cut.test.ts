import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { type AtomicUnit, command, type RedisFailure, type Script } from '../../src/redis/port.js'
import { freePort } from '../../src/redis/server-process.js'
import { type CutProxy, startCutProxy } from '../helpers/cut-proxy.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'
import { spawnedServer } from '../helpers/spawned-server.js'
import { connect } from '../helpers/strategy.js'

const ADD_TWICE: Script = {
  name: 'add twice',
  keys: ['key'],
  lua: "redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])",
}

const units = (key: string): readonly (readonly [string, AtomicUnit, number])[] => [
  ['a command', command('INCR', key), 1],
  ['a script', { kind: 'script', script: ADD_TWICE, keys: [key], args: [] }, 2],
  ['a transaction', { kind: 'transaction', commands: [command('INCR', key), command('INCRBY', key, 2)] }, 3],
]
const KINDS = units('').map(([name], i) => [name, i] as const)

let direct: RedisClient
let proxy: CutProxy
beforeAll(async () => {
  direct = await connect()
  proxy = await startCutProxy(testRedisUrl())
})
afterAll(async () => {
  await direct.close()
  await proxy.close()
})

let client: RedisClient
beforeEach(async () => {
  client = await connect(proxy.url)
  await client.redis.script(ADD_TWICE, [freshSaleId()], [])
})
afterEach(() => client.close())

const failureOf = (promise: Promise<unknown>): Promise<RedisFailure> =>
  promise.then(
    (reply) => {
      throw new Error(`no failure but ${JSON.stringify(reply)}`)
    },
    (error: RedisFailure) => error,
  )

const reconnected = async (redis: RedisClient['redis']): Promise<void> => {
  const deadline = performance.now() + 5_000
  while ((await redis.call('PING').catch(() => '')) !== 'PONG') {
    if (performance.now() > deadline) throw new Error('the connection does not come back')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const valueAt = async (key: string): Promise<number> => Number(await direct.redis.get(key))

describe.each(KINDS)('%s', (_name, i) => {
  const unitOn = (key: string): AtomicUnit => units(key)[i]![1]
  const effect = units('')[i]![2]

  // redis/ioredis#2193: by default the command goes out again on the next connection.
  it('whose reply is lost is unknown, executed once, and never sent again', async () => {
    const key = freshSaleId()
    proxy.arm({ at: 1, side: 'reply' })
    const failure = await failureOf(client.redis.execute(unitOn(key)))
    expect(failure).toMatchObject({ kind: 'unknown', prefix: '', message: 'the connection is closed' })
    expect(client.lastFailure).toBe(failure)
    const sent = [...proxy.commands]
    await reconnected(client.redis)
    expect(await valueAt(key)).toBe(effect)
    expect(proxy.commands.filter((name) => name !== 'PING')).toEqual(sent)
    await client.redis.execute(unitOn(key))
    expect(await valueAt(key)).toBe(2 * effect)
  })

  it('whose reply comes in half is unknown', async () => {
    const key = freshSaleId()
    proxy.arm({ at: 1, side: 'half-reply' })
    expect((await failureOf(client.redis.execute(unitOn(key)))).kind).toBe('unknown')
    await reconnected(client.redis)
    expect(await valueAt(key)).toBe(effect)
  })

  it('that is lost on the way is unknown, and never sent again', async () => {
    const key = freshSaleId()
    proxy.arm({ at: 1, side: 'request' })
    expect((await failureOf(client.redis.execute(unitOn(key)))).kind).toBe('unknown')
    await reconnected(client.redis)
    expect(proxy.commands.filter((name) => name !== 'PING')).toEqual([])
    expect(await valueAt(key)).toBe(0)
  })

  it('that never left is not sent', async () => {
    const key = freshSaleId()
    proxy.arm({ at: 1, side: 'request' })
    await failureOf(client.redis.call('PING'))
    expect((await failureOf(client.redis.execute(unitOn(key)))).kind).toBe('not_sent')
    await reconnected(client.redis)
    expect(await valueAt(key)).toBe(0)
  })

  it('on a connection of its own ends that connection for good', async () => {
    const key = freshSaleId()
    const own = await client.dedicated()
    expect(own.usable).toBe(true)
    proxy.arm({ at: 1, side: 'reply' })
    expect((await failureOf(own.redis.execute(unitOn(key)))).kind).toBe('unknown')
    expect(own.usable).toBe(false)
    expect((await failureOf(own.redis.execute(unitOn(key)))).kind).toBe('not_sent')
    await reconnected(client.redis)
    expect(own.usable).toBe(false)
    expect(await valueAt(key)).toBe(effect)
  })
})

it('many units under way at once are all unknown, each executed at most once', async () => {
  const keys = Array.from({ length: 100 }, freshSaleId)
  proxy.arm({ at: 1, side: 'reply' })
  const failures = await Promise.all(keys.map((key) => failureOf(client.redis.call('INCR', key))))
  expect(new Set(failures.map(({ kind }) => kind))).toEqual(new Set(['unknown']))
  await reconnected(client.redis)
  for (const key of keys) expect(await valueAt(key)).toBeLessThanOrEqual(1)
  expect(proxy.commands.filter((name) => name === 'INCR').length).toBeLessThanOrEqual(keys.length)
})

it('a script that the server forgot and whose second call is lost is unknown', async () => {
  const key = freshSaleId()
  const fresh: Script = { ...ADD_TWICE, lua: `${ADD_TWICE.lua} -- ${key}` }
  proxy.arm({ at: 2, side: 'reply' })
  expect((await failureOf(client.redis.script(fresh, [key], []))).kind).toBe('unknown')
  expect(proxy.commands).toEqual(['EVALSHA', 'EVAL'])
  await reconnected(client.redis)
  expect(await valueAt(key)).toBe(2)
})

describe('on a cluster', () => {
  it.each(KINDS)('%s whose reply is lost is unknown, and never sent again', async (_name, i) => {
    const port = await freePort()
    const busPort = String(await freePort())
    const gate = await startCutProxy(`redis://127.0.0.1:${port}`)
    // The node names the proxy as its own address: cluster clients go where nodes send them.
    const announce = ['--cluster-announce-ip', '127.0.0.1', '--cluster-announce-port', String(gate.port)]
    const settings = ['--port', String(port), '--cluster-enabled', 'yes', '--cluster-port', busPort, ...announce]
    const server = await spawnedServer(settings)
    const node = await connect(`redis://127.0.0.1:${port}`)
    await node.redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    const deadline = performance.now() + 10_000
    while (!String(await node.redis.call('CLUSTER', 'INFO')).includes('state:ok')) {
      if (performance.now() > deadline) throw new Error('the cluster does not form')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const cluster = await connect(`redis+cluster://127.0.0.1:${gate.port}`)
    try {
      const [, unit, effect] = units('{a}key')[i]!
      await cluster.redis.script(ADD_TWICE, ['{a}other'], [])
      gate.arm({ at: 1, side: 'reply' })
      expect((await failureOf(cluster.redis.execute(unit))).kind).toBe('unknown')
      expect(Number(await node.redis.get('{a}key'))).toBe(effect)
      await reconnected(cluster.redis)
      expect(Number(await node.redis.get('{a}key'))).toBe(effect)
      await cluster.redis.execute(unit)
      expect(Number(await node.redis.get('{a}key'))).toBe(2 * effect)
    } finally {
      await cluster.close()
      await node.close()
      await gate.close()
      await server.remove()
    }
  })
})
