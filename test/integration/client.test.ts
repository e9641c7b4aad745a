import { createServer } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import type { RedisClient } from '../../src/redis/client.js'
import { troubleOf } from '../../src/redis/failure.js'
import { command, type RedisFailure, type Script } from '../../src/redis/port.js'
import { freePort } from '../../src/redis/server-process.js'
import { seedSale } from '../../src/store/seed.js'
import { counterLua } from '../../src/strategies/counter-lua.js'
import { counterWatch } from '../../src/strategies/counter-watch.js'
import { clusterNode, wholeCluster } from '../helpers/cluster-node.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'
import { Customers, failures, freshSale, seedFresh } from '../helpers/sale.js'
import { type SpawnedServer, spawnedServer } from '../helpers/spawned-server.js'
import { connect, openOn } from '../helpers/strategy.js'

const cleanup: (() => unknown)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const undo of cleanup.splice(0).reverse()) await undo()
})

const open = async (...args: Parameters<typeof connect>): Promise<RedisClient> => {
  const client = await connect(...args)
  cleanup.push(() => client.close())
  return client
}

const ownServer = async (...args: Parameters<typeof spawnedServer>): Promise<SpawnedServer & { url: string }> => {
  const server = await spawnedServer(...args)
  cleanup.push(() => server.remove())
  return Object.assign(server, { url: `redis://127.0.0.1:${server.port}` })
}

const refusalOf = async (url: string): Promise<SeckillError> => {
  const error: unknown = await connect(url).then(
    (client) => client.close(),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(SeckillError)
  return error as SeckillError
}

const failureOf = (promise: Promise<unknown>): Promise<RedisFailure> =>
  promise.then(
    (reply) => {
      throw new Error(`no failure but ${JSON.stringify(reply)}`)
    },
    (error: RedisFailure) => error,
  )

/** Polls with a deadline; the value that `look` gives once it is not null. */
const until = async <T>(look: () => Promise<T | null>): Promise<T> => {
  const deadline = performance.now() + 10_000
  for (;;) {
    const value = await look()
    if (value !== null) return value
    if (performance.now() > deadline) throw new Error('the awaited did not come')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const SET_TWO: Script = { name: 'set', keys: ['key'], lua: "return redis.call('SET', KEYS[1], ARGV[1])" }

describe('connecting', () => {
  it('to a closed port says so, and what to do', async () => {
    const port = await freePort()
    const error = await refusalOf(`redis://:s3cret@127.0.0.1:${port}`)
    expect(error).toMatchObject({ code: 'redis_unreachable', exitCode: 3 })
    expect(error.message).toContain(`127.0.0.1:${port}`)
    expect(error.hint).toMatch(/redis start|--redis/)
    expect(`${error.message} ${error.hint}`).not.toContain('s3cret')
  })

  it('to an absent socket file says so', async () => {
    expect(await refusalOf('unix:///nowhere/redis.sock')).toMatchObject({ code: 'redis_unreachable' })
  })

  it('to a listener that never answers ends with the time bound', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    cleanup.push(() => silent.close())
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    const bounds = { commandTimeoutMs: 100, connectTimeoutMs: 100 }
    await expect(connect(`redis://127.0.0.1:${port}`, bounds)).rejects.toMatchObject({ code: 'redis_unreachable' })
  })

  it('to a server that loads its data set says so', async () => {
    const loading = createServer((socket) => {
      socket.on('data', () => socket.write('-LOADING Redis is loading the dataset in memory\r\n')).on('error', () => {})
    }).listen(0, '127.0.0.1')
    cleanup.push(() => loading.close())
    await new Promise((resolve) => loading.once('listening', resolve))
    const { port } = loading.address() as { port: number }
    expect(await refusalOf(`redis://127.0.0.1:${port}`)).toMatchObject({ code: 'redis_busy', exitCode: 3 })
  })

  it('with a wrong password, none, or a user without rights says which, never the password', async () => {
    const server = await ownServer(['--requirepass', 'right'])
    const at = `127.0.0.1:${server.port}`
    const admin = await open(`redis://:right@${at}`)
    await admin.redis.call('ACL', 'SETUSER', 'bob', 'on', '>bobs', '~none*', '+get')
    const errors = [
      await refusalOf(`redis://:wr0ng@${at}`),
      await refusalOf(`redis://${at}`),
      await refusalOf(`redis://nobody:wr0ng@${at}`),
      await refusalOf(`redis://bob:bobs@${at}`),
    ]
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'redis_auth', exitCode: 2 })
      expect(`${error.message} ${error.hint}`).not.toMatch(/wr0ng|bobs/)
      expect(error.message).not.toContain('\n')
    }
    expect(errors[1]?.message).toMatch(/wants a password/)
    expect(errors[3]?.message).toMatch(/permission/)
    expect(await admin.redis.call('PING')).toBe('PONG')
  })

  it('with a password that the server does not want works', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const server = await ownServer()
    const client = await open(`redis://:needless@127.0.0.1:${server.port}`)
    expect(await client.redis.call('PING')).toBe('PONG')
  })

  it('to a database that the server does not have is refused: the sale would land in database 0', async () => {
    const server = await ownServer(['--databases', '4'])
    const good = await open(`${server.url}/3`)
    await good.redis.call('SET', 'where', 'three')
    expect(await (await open(`${server.url}/3`)).redis.get('where')).toBe('three')
    expect(await (await open(server.url)).redis.get('where')).toBeNull()
    const error = await refusalOf(`${server.url}/9`)
    expect(error.message).toContain(`127.0.0.1:${server.port}/9`)
  })

  it('by unix socket works', async () => {
    const server = await ownServer()
    const client = await open(`unix://${server.socket}`)
    expect(await client.redis.call('PING')).toBe('PONG')
  })
})

describe('a refused command changes nothing, and its prefix says why', () => {
  it('READONLY on a replica', async () => {
    const server = await ownServer()
    const client = await open(server.url)
    await client.redis.call('REPLICAOF', '127.0.0.1', '1')
    for (const refused of [
      await failureOf(client.redis.hset('k', 'f', 1)),
      await failureOf(client.redis.script(SET_TWO, ['k'], ['v'])),
      await failureOf(client.redis.transaction(command('SET', 'k', 1), command('SET', 'l', 1))),
    ]) {
      expect(refused.prefix).toMatch(/READONLY|EXECABORT/)
      expect(refused.kind).toBe('refused')
    }
    const refused = await failureOf(client.redis.hset('k', 'f', 1))
    expect(troubleOf(refused, client.label)).toMatchObject({ code: 'redis_busy', exitCode: 3 })
    expect(client.lastFailure).toBe(refused)
  })

  it('OOM on a full server', async () => {
    const server = await ownServer()
    const client = await open(server.url)
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 10 })
    await client.redis.call('CONFIG', 'SET', 'maxmemory', 1)
    for (const refused of [
      await failureOf(client.redis.hset('k', 'f', 1)),
      await failureOf(client.redis.script(SET_TWO, ['k'], ['v'])),
      await failureOf(client.redis.transaction(command('SET', 'k', 1))),
    ]) {
      expect(refused.kind).toBe('refused')
      expect(refused.prefix).toMatch(/OOM|EXECABORT/)
    }
    const error = troubleOf(await failureOf(client.redis.hset('k', 'f', 1)), client.label)
    expect(error).toMatchObject({ code: 'redis_busy', exitCode: 3 })
    const shop = await openOn(client, sale, counterLua)
    expect(await shop.buy({ user: 'ann', quantity: 1 })).toBe('error')
    expect(await client.redis.get(sale.keys.stock)).toBe('10')
  })

  it('WRONGTYPE', async () => {
    const client = await open()
    const key = freshSaleId()
    await client.redis.lpush(key, 1)
    const refused = await failureOf(client.redis.get(key))
    expect(refused).toMatchObject({ kind: 'refused', prefix: 'WRONGTYPE' })
    expect(troubleOf(refused, client.label)).toMatchObject({ code: 'wrong_type', exitCode: 2 })
    expect(await failureOf(client.redis.transaction(command('INCR', key), command('LLEN', key)))).toMatchObject({
      kind: 'partial',
      prefix: 'WRONGTYPE',
    })
  })

  it('NOPERM for a key out of bounds', async () => {
    const server = await ownServer()
    const admin = await open(server.url)
    await admin.redis.call('ACL', 'SETUSER', 'bob', 'on', '>b', '~mine*', '+@all')
    const bob = await open(`redis://bob:b@127.0.0.1:${server.port}`)
    expect(await bob.redis.call('SET', 'mine1', 1)).toBe('OK')
    const refused = await failureOf(bob.redis.call('SET', 'other', 1))
    expect(refused).toMatchObject({ kind: 'refused', prefix: 'NOPERM' })
    expect(troubleOf(refused, bob.label)).toMatchObject({ code: 'redis_auth', exitCode: 2 })
  })
})

describe('replies', () => {
  it('come as Redis sent them, one unit at a time', async () => {
    const { redis } = await open()
    const key = freshSaleId()
    expect(await redis.hsetnx(key, '王伟', 2)).toBe(true)
    expect(await redis.hsetnx(key, '王伟', 2)).toBe(false)
    expect(await redis.call('HGETALL', key)).toEqual(['王伟', '2'])
    expect(await redis.hget(key, 'nobody')).toBeNull()
    expect(await redis.transaction(command('HLEN', key), command('HGETALL', key))).toEqual([1, ['王伟', '2']])
    expect(await redis.setIfAbsent(`${key}:lock`, 't', 5_000)).toBe(true)
    expect(await redis.setIfAbsent(`${key}:lock`, 't', 5_000)).toBe(false)
  })

  it('of a script come with or without the server knowing it', async () => {
    const { redis } = await open()
    const fresh: Script = { name: 'fresh', keys: [], lua: `return '${freshSaleId()}'` }
    const first = await redis.script(fresh, [], [])
    expect(await redis.script(fresh, [], [])).toBe(first)
  })
})

describe('a server that goes away', () => {
  it('leaves what was under way unknown, what follows not sent, and is found again on the same socket', async () => {
    const server = await ownServer()
    const url = `unix://${server.socket}`
    const client = await open(url)
    const other = await open(url)
    await client.redis.call('INCR', 'counter')
    await other.redis.call('CLIENT', 'PAUSE', 60_000, 'ALL')
    const underWay = [
      failureOf(client.redis.call('INCR', 'counter')),
      failureOf(client.redis.script(SET_TWO, ['counter'], [7])),
      failureOf(client.redis.transaction(command('INCR', 'counter'))),
    ]
    await server.kill()
    for (const failure of underWay) expect((await failure).kind).toBe('unknown')
    expect((await failureOf(client.redis.call('INCR', 'counter'))).kind).toBe('not_sent')
    expect((await failureOf(client.redis.transaction(command('INCR', 'counter')))).kind).toBe('not_sent')
    await expect(client.dedicated()).rejects.toMatchObject({ kind: 'not_sent' })

    await server.start()
    await until(() => client.redis.call('PING').catch(() => null))
    expect(await client.redis.get('counter')).toBeNull()
    expect(await client.redis.call('INCR', 'counter')).toBe(1)
  })
})

describe('the bound on every command', () => {
  it('leaves a held command unknown; it may still be executed, once', async () => {
    const server = await ownServer()
    const admin = await open(server.url)
    const client = await open(server.url, { commandTimeoutMs: 150 })
    const dedicated = await client.dedicated()
    cleanup.push(() => dedicated.close())
    await admin.redis.call('CLIENT', 'PAUSE', 60_000, 'WRITE')
    const start = performance.now()
    const held = await Promise.all([
      failureOf(client.redis.call('INCR', 'counter')),
      failureOf(client.redis.transaction(command('INCR', 'counter'), command('INCR', 'counter'))),
      failureOf(dedicated.redis.script(SET_TWO, ['script'], [7])),
    ])
    expect(performance.now() - start).toBeGreaterThanOrEqual(140)
    for (const failure of held) expect(failure.kind).toBe('unknown')
    await admin.redis.call('CLIENT', 'UNPAUSE')
    // Replies come in order: once this one is there, whatever was held is done.
    expect(await client.redis.get('counter')).toBe('3')
    expect(await client.redis.call('INCR', 'counter')).toBe(4)
  })
})

describe('dedicated connections', () => {
  it('tell a transaction whose watched key changed', async () => {
    const client = await open()
    const key = freshSaleId()
    const own = await client.dedicated()
    cleanup.push(() => own.close())
    await own.redis.watch(key)
    await client.redis.call('SET', key, 'changed')
    expect(await own.redis.transaction(command('SET', key, 'mine'))).toBeNull()
    expect(await client.redis.get(key)).toBe('changed')
    await own.redis.watch(key)
    expect(await own.redis.transaction(command('SET', key, 'mine'))).toEqual(['OK'])
    expect(own.usable).toBe(true)
  })

  it('are over once they break', async () => {
    const client = await open()
    const own = await client.dedicated()
    const id = await own.redis.call('CLIENT', 'ID')
    await client.redis.call('CLIENT', 'KILL', 'ID', String(id))
    await until(async () => (own.usable ? null : true))
    expect((await failureOf(own.redis.get('k'))).kind).toBe('not_sent')
    // Longer than the first reconnects of the shared connection take.
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(own.usable).toBe(false)
    expect(await client.redis.call('PING')).toBe('PONG')
  })

  it('are counted by the server and gone when closed', async () => {
    const server = await ownServer()
    const client = await open(server.url)
    const connected = async () =>
      /connected_clients:(\d+)/.exec(String(await client.redis.call('INFO', 'clients')))?.[1]
    const own = await client.dedicated()
    expect(await connected()).toBe('2')
    own.close()
    await until(async () => ((await connected()) === '1' ? true : null))
  })
})

describe('a cluster', () => {
  /** Connecting has bounds of its own: what takes longer than both of them together hangs. */
  const outcomeOfConnect = (url: string): Promise<unknown> =>
    Promise.race([
      open(url, { connectTimeoutMs: 500, commandTimeoutMs: 500 }).catch((error: unknown) => error),
      new Promise((resolve) => setTimeout(resolve, 4_000, 'it hangs')),
    ])

  it('serves a sale with hash tags', async () => {
    const { url } = await wholeCluster()
    const client = await open(url)
    const id = freshSaleId()
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 5, id, keys: { hashTag: true } })
    const shop = await openOn(client, sale, counterLua)
    const customers = new Customers(sale)
    for (const user of ['ann', 'bob', 'eve']) expect(await customers.buy(shop, user, 1)).toBe('sold')
    const done = await client.redis.transaction(
      command('DECRBY', sale.keys.stock, 1),
      command('HSET', sale.keys.records, 'joe', 1),
    )
    expect(done).toEqual([1, 1])
    customers.told('joe', 1, 'sold')
    const result = await customers.audit(client.redis)
    expect(failures(result)).toEqual([])
    expect(result.ledger.state?.remaining).toBe(1)
  })

  it('refuses keys of different slots, before it writes', async () => {
    const { url } = await wholeCluster()
    const client = await open(url)
    const crossing = await failureOf(client.redis.call('UNLINK', 'a', 'b'))
    expect(troubleOf(crossing, client.label)).toMatchObject({ code: 'unsupported' })
    const sale = freshSale({ layout: 'counter', stock: 5 })
    const seeding = await failureOf(seedSale(client.redis, sale, { now: new Date() }))
    for (const key of Object.values(sale.keys)) expect(await client.redis.call('EXISTS', key)).toBe(0)
    expect(seeding.kind).not.toBe('unknown')
    expect(troubleOf(seeding, client.label)).toMatchObject({ code: 'unsupported' })
  })

  it('has no WATCH: counter-watch sends nothing', async () => {
    const { url } = await wholeCluster()
    const client = await open(url)
    const sale = await seedFresh(client.redis, { layout: 'counter', stock: 5, keys: { hashTag: true } })
    const shop = await openOn(client, sale, counterWatch)
    expect(await shop.buy({ user: 'ann', quantity: 1 })).toBe('not_sent')
    expect(await client.redis.get(sale.keys.stock)).toBe('5')
  })

  it('out of reach says so', async () => {
    const port = await freePort()
    expect(await refusalOf(`redis+cluster://127.0.0.1:${port}`)).toMatchObject({ code: 'redis_unreachable' })
  })

  it('without slots, or whose node does not know its address, is told in time', async () => {
    const empty = await clusterNode('--cluster-announce-ip', '127.0.0.1')
    const nameless = await clusterNode()
    await nameless.node.redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    expect(await outcomeOfConnect(empty.url)).toMatchObject({ exitCode: 3 })
    expect(await outcomeOfConnect(nameless.url)).not.toBe('it hangs')
  })

  it('with a wrong password says so', async () => {
    const { node, url } = await wholeCluster()
    await node.redis.call('CONFIG', 'SET', 'requirepass', 'right')
    const error = await refusalOf(url.replace('://', '://:wr0ng@'))
    expect(error).toMatchObject({ code: 'redis_auth' })
    expect(error.message).not.toContain('wr0ng')
  })
})

describe('a sentinel', () => {
  const startSentinel = async () => {
    const master = await ownServer()
    const sentinel = await ownServer([], `sentinel monitor mymaster 127.0.0.1 ${master.port} 1\n`)
    return { master, at: `127.0.0.1:${sentinel.port}` }
  }

  it('leads to its master', async () => {
    const { master, at } = await startSentinel()
    const client = await open(`redis+sentinel://${at}/mymaster/2`)
    await client.redis.call('SET', 'where', 'master')
    expect(await (await open(`${master.url}/2`)).redis.get('where')).toBe('master')
    expect((await client.dedicated().then((own) => own.close())) ?? 'closed').toBe('closed')
  })

  it('that does not know the master, or is not there, says so', async () => {
    const { at } = await startSentinel()
    expect(await refusalOf(`redis+sentinel://${at}/other`)).toMatchObject({ code: 'redis_unreachable' })
    const port = await freePort()
    expect(await refusalOf(`redis+sentinel://127.0.0.1:${port}/mymaster`)).toMatchObject({ code: 'redis_unreachable' })
  })
})

it('names the server, never the password', async () => {
  const client = await open(testRedisUrl())
  expect(client.label).toMatch(/^\S+\/\d+$/)
})
