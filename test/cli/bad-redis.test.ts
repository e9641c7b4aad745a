import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { saleKeys } from '../../src/sale/keys.js'
import { filesLeft, on, seckill } from '../helpers/cli.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'
import { expectRefusal, keysOf, ownRedis, redisAt } from './world.js'

const READERS = [['status'], ['audit']]
const WRITERS = [
  ['init', '--stock', '7'],
  ['reset', '--yes'],
  ['buy', '--strategy', 'counter-lua'],
  ['simulate', '--strategy', 'counter-lua', '--users', '10'],
  ['serve', '--port', '0'],
]
const OF_A_SALE = [...READERS, ...WRITERS.slice(1, -1)]

const seeded = async (layout = 'counter', url = testRedisUrl()) => {
  const sale = freshSaleId()
  expect((await seckill(['init', '--stock', '5', '--layout', layout, ...on(sale, url)])).code).toBe(0)
  return { sale, keys: saleKeys(sale), redis: await redisAt(url) }
}

describe('a Redis that is not there', () => {
  it.each([...READERS, ...WRITERS].map((args) => [args]))('%j: exit 3', async (args) => {
    const result = await seckill([...args, '--redis', `redis://127.0.0.1:${await freePort()}`])
    expectRefusal(result, 3, /cannot be reached.*seckill redis start/)
    expect(filesLeft()).toEqual([])
  })

  it('that hangs up', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    expectRefusal(await seckill(['status', '--redis', `redis://127.0.0.1:${port}`]), 3, /cannot be reached/)
  })
})

describe('a Redis that refuses', () => {
  it('a wrong password, or none', async () => {
    const { url, redis } = await ownRedis()
    await redis.call('CONFIG', 'SET', 'requirepass', 'right')
    const wrong = await seckill(['init', '--stock', '5', '--redis', url.replace('://', '://:wr0ng@')])
    expectRefusal(wrong, 2, /refuses this password.*REDISCLI_AUTH/)
    expect(wrong.stderr).not.toContain('wr0ng')
    expectRefusal(await seckill(['init', '--stock', '5', '--redis', url]), 2, /wants a password.*REDISCLI_AUTH/)
    expect(await redis.call('DBSIZE')).toBe(0)
    const right = await seckill(['init', '--stock', '5', '--redis', url], { env: { REDISCLI_AUTH: 'right' } })
    expect(right.code).toBe(0)
    expect(right.stdout + right.stderr).not.toContain('right')
  })

  it('writes, by its access rules', async () => {
    const { url, redis } = await ownRedis()
    await redis.call('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '+@read', '+@connection')
    const args = ['init', '--stock', '5', '--redis', url.replace('://', '://reader:pw@')]
    expectRefusal(await seckill(args), 2, /ACL/)
    expect(await redis.call('DBSIZE')).toBe(0)
  })

  it('while it loads', async () => {
    const server = createServer((socket) => {
      socket.on('data', () => socket.write('-LOADING Redis is loading the dataset in memory\r\n')).on('error', () => {})
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    for (const args of [...READERS, ...WRITERS]) {
      expectRefusal(await seckill([...args, '--redis', `redis://127.0.0.1:${port}`]), 3, /still loading/)
    }
    expect(filesLeft()).toEqual([])
  })

  it('as a read-only replica', async () => {
    const { url, redis } = await ownRedis()
    const { sale } = await seeded('counter', url)
    await redis.call('REPLICAOF', '127.0.0.1', await freePort())
    for (const args of WRITERS.slice(0, -1)) {
      const { code, stderr } = await seckill([...args, ...on(sale, url)])
      expect(stderr.match(/^error: /gm), stderr).toHaveLength(1)
      expect(stderr).toMatch(/^error: redis .* is read-only.*primary/m)
      expect(code).toBe(3)
    }
    expect(await redis.call('DBSIZE')).toBe(2)
    expect(await redis.call('GET', `goods_${sale}`)).toBe('5')
  })

  it('for want of memory', async () => {
    const { url, redis } = await ownRedis()
    const { sale } = await seeded('counter', url)
    await redis.call('CONFIG', 'SET', 'maxmemory', '1')
    expectRefusal(await seckill(['init', '--stock', '7', ...on(sale, url)]), 3, /out of memory/)
    // In a transaction Redis says EXECABORT; why, it has said before.
    for (const strategy of ['counter-lua', 'counter-watch']) {
      const words = ['simulate', '--strategy', strategy, '--users', '10']
      const { code, stderr } = await seckill([...words, ...on(sale, url)])
      expect(stderr).toMatch(/^error: redis .* is out of memory/m)
      expect(code).toBe(3)
    }
    expect(await redis.call('DBSIZE')).toBe(2)
    expect(await redis.call('GET', `goods_${sale}`)).toBe('5')
    expect((await seckill(['audit', '--run', 'none', ...on(sale, url)])).code).toBe(4)
  })
})

describe('keys that are not a sale', () => {
  it.each(OF_A_SALE.map((args) => [args]))('%j without meta', async (args) => {
    const sale = freshSaleId()
    expectRefusal(await seckill([...args, ...on(sale)]), 2, new RegExp(`no meta for sale ${sale}`))
    expect(await keysOf(sale)).toEqual([])
    expect(filesLeft()).toEqual([])
  })

  it.each([
    ['buy', '--strategy', 'counter-lua'],
    ['simulate', '--strategy', 'counter-lua'],
  ])('%s without meta: says how to seed, since no flag of its own could describe a sale', async (...args) => {
    const { stderr } = await seckill([...args, ...on(freshSaleId())])
    expect(stderr).toMatch(
      /seed it: seckill init --layout counter --stock 50 --sale \S+; or describe it in seckill\.yaml\n$/,
    )
  })

  it.each([['status'], ['audit']])('%s without meta: the command that it names works', async (...args) => {
    const { stderr } = await seckill([...args, ...on(freshSaleId())])
    const [command = '', ...hint] = (/`seckill ([^`]*)`/.exec(stderr)?.[1] ?? '').replace(/ K /, ' K1 ').split(' ')
    expect(['status', 'audit', 'init']).toContain(command)
    expect(hint.join(' ')).toMatch(/--layout counter --stock-key K1 --records-key K --stock 50/)
  })

  it.each([...OF_A_SALE, ['init', '--stock', '7']].map((args) => [args]))('%j on a newer meta', async (args) => {
    const { sale, keys, redis } = await seeded()
    await redis.call('HSET', keys.meta, 'version', '99')
    expectRefusal(await seckill([...args, ...on(sale)]), 2, /newer seckill \(meta version 99\); upgrade/)
    expect(await redis.call('GET', keys.stock)).toBe('5')
    expect(await keysOf(sale)).toEqual([keys.stock, keys.meta])
  })

  it('meta of another type', async () => {
    const { sale, keys, redis } = await seeded()
    await redis.call('SET', keys.meta, 'x')
    expectRefusal(await seckill(['status', ...on(sale)]), 2, /type/)
  })

  it.each([
    ['a stock of another type', 'stock', ['HSET', 'f', 'v']],
    ['a stock that is no number', 'stock', ['SET', 'abc']],
    ['no stock key', 'stock', null],
  ] as const)('%s', async (_name, which, write) => {
    const { sale, keys, redis } = await seeded()
    await redis.call('DEL', keys[which])
    if (write) await redis.call(write[0], keys[which], ...write.slice(1))
    for (const args of WRITERS.slice(2, -1)) {
      expectRefusal(await seckill([...args, ...on(sale)]), 2, new RegExp(`${keys.stock}.*seckill init`))
    }
    expect(filesLeft()).toEqual([])
    const audit = await seckill(['audit', '--run', 'none', ...on(sale)])
    expect(audit.code).toBe(4)
    expect(audit.stdout).toContain(keys.stock)
    const status = await seckill(['status', ...on(sale)])
    expect(status.stdout).toMatch(new RegExp(`! .*${keys.stock}`))
  })

  it('records of another type', async () => {
    const { sale, keys, redis } = await seeded()
    await redis.call('SET', keys.records, 'x')
    const audit = await seckill(['audit', '--run', 'none', ...on(sale)])
    expect(audit.code).toBe(4)
    expect(audit.stdout).toContain(keys.records)
  })

  it('a strategy of another layout', async () => {
    const { sale, keys } = await seeded('list')
    const result = await seckill(['simulate', '--strategy', 'counter-lua', ...on(sale)])
    expectRefusal(result, 2, /layout list, but counter-lua works on counter; seckill init --layout counter/)
    expect(await keysOf(sale)).toEqual([keys.stock, keys.meta])
  })
})

describe('init over what it did not write', () => {
  it.each([
    ['SET', 'goods_', '', '9'],
    ['HSET', '', '_users', 'alice 1'],
  ])('%s %sSALE%s: refused, then forced', async (command, before, after, value) => {
    const sale = freshSaleId()
    const key = `${before}${sale}${after}`
    const redis = await redisAt()
    await redis.call(command, key, ...value.split(' '))
    const init = ['init', '--stock', '7', '--layout', 'counter', ...on(sale)]
    expectRefusal(await seckill(init), 2, new RegExp(`${key} .*not written by seckill init; .*--force`))
    expect(await keysOf(sale)).toEqual([key])
    expect((await seckill([...init, '--force'])).code).toBe(0)
    expect(await redis.call('GET', `goods_${sale}`)).toBe('7')
  })

  it('simulate --stock is refused likewise', async () => {
    const sale = freshSaleId()
    await (await redisAt()).call('SET', `goods_${sale}`, '9')
    const simulate = ['simulate', '--strategy', 'counter-lua', '--stock', '5', ...on(sale)]
    expectRefusal(await seckill(simulate), 2, /not written by seckill init/)
    expect(await keysOf(sale)).toEqual([`goods_${sale}`])
  })

  it('a mistake in the load is told before anything is seeded', async () => {
    const sale = freshSaleId()
    const simulate = ['simulate', '--strategy', 'counter-lua', '--stock', '5', '--usernames', 'elvish', ...on(sale)]
    expectRefusal(await seckill(simulate), 2, /elvish/)
    expect(await keysOf(sale)).toEqual([])
  })
})
