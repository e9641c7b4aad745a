import { once } from 'node:events'
import { connect } from 'node:net'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { RedisProxy } from '../../src/redis/proxy.js'
import type { Passage } from '../../src/redis/proxy-connection.js'
import { freePort } from '../../src/redis/server-process.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

type Options = Partial<Parameters<typeof RedisProxy.open>[1]>

const open = async (options: Options = {}, target = parseRedisUrl(testRedisUrl())) => {
  const passed: string[] = []
  const proxy = await RedisProxy.open(target, {
    port: 0,
    replied: (passage) => passed.push(passage.name),
    ...options,
  })
  closers.push(() => proxy.close())
  return { proxy, passed }
}

const clientOf = (proxy: RedisProxy, more = {}) => {
  const client = new Redis({ port: proxy.port, retryStrategy: () => null, maxRetriesPerRequest: 0, ...more })
  client.on('error', () => {})
  closers.push(() => client.disconnect())
  return client
}

/** Sends bytes and reads until `bytes` have come back. */
const rawly = async (port: number, request: string, bytes: number): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (text.length >= bytes) break
  }
  return text
}

describe('a Redis proxy', () => {
  it('is invisible to a client: commands, pipelines, transactions, big values, errors', async () => {
    const { proxy, passed } = await open()
    const redis = clientOf(proxy)
    const key = freshSaleId()
    const big = 'x'.repeat(3_000_000)
    expect(await redis.set(key, big)).toBe('OK')
    expect(await redis.get(key)).toBe(big)
    await expect(redis.lpop(key)).rejects.toThrow('WRONGTYPE')
    expect(await redis.multi().set(key, '5').decrby(key, 2).exec()).toEqual([
      [null, 'OK'],
      [null, 3],
    ])
    const many = redis.pipeline()
    for (let i = 0; i < 5_000; i++) many.incr(key)
    const replies = await many.exec()
    expect(replies?.map(([, value]) => value)).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 4))
    expect(passed.filter((name) => name === 'INCR')).toHaveLength(5_000)
  })

  it('gives transactions as one step, with what they run', async () => {
    const held: Passage[] = []
    const { proxy } = await open({
      hold: (step) => {
        held.push(step)
        return null
      },
    })
    const redis = clientOf(proxy)
    const key = freshSaleId()
    await redis.watch(key)
    await redis.multi().set(key, '1').incr(key).exec()
    expect(held.map(({ name, queued }) => [name, queued.map((queuedOne) => queuedOne.name)])).toEqual([
      ['WATCH', []],
      ['EXEC', ['SET', 'INCR']],
    ])
  })

  it('holds a step and what follows it on its connection, and nobody else', async () => {
    const released: (() => void)[] = []
    const arrived: string[] = []
    const { proxy } = await open({
      hold: (step) => {
        arrived.push(`${step.name} ${step.args[1]}`)
        return step.name !== 'RPUSH' || step.args[1] === 'free'
          ? null
          : new Promise((resolve) => released.push(resolve))
      },
    })
    const [one, two] = [clientOf(proxy), clientOf(proxy)]
    const key = freshSaleId()
    const pushes = Promise.all([one.rpush(key, 'a'), one.rpush(key, 'b')])
    await expect.poll(() => arrived).toEqual(['RPUSH a'])
    expect(await two.rpush(key, 'free')).toBe(1)
    released.shift()?.()
    await expect.poll(() => arrived).toEqual(['RPUSH a', 'RPUSH free', 'RPUSH b'])
    released.shift()?.()
    expect(await pushes).toEqual([2, 3])
    expect(await two.lrange(key, 0, -1)).toEqual(['free', 'a', 'b'])
  })

  it('tells of what comes behind a held step before its turn, and goes on unseen in order', async () => {
    const arrived: string[] = []
    const sent: string[] = []
    let release = () => {}
    const { proxy } = await open({
      arrived: ({ name }) => arrived.push(name),
      sent: ({ name }) => sent.push(name),
      hold: ({ name }) => (name === 'RPUSH' ? new Promise((resolve) => (release = resolve)) : null),
    })
    const key = freshSaleId()
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write(`RPUSH ${key} a\r\n\r\nLLEN ${key}\r\nMONITOR\r\nLLEN ${key}\r\n`)
    await expect.poll(() => arrived).toEqual(['RPUSH', 'LLEN', 'MONITOR', 'LLEN'])
    expect(sent).toEqual([])
    release()
    let text = ''
    for await (const chunk of socket) {
      text += chunk
      if (text.split('\r\n').length > 4) break
    }
    expect(text).toMatch(/^:1\r\n:1\r\n\+OK\r\n/)
    expect(sent).toEqual(['RPUSH', 'LLEN', 'MONITOR'])
  })

  it('lets handshake and health checks pass unheld', async () => {
    const { proxy } = await open({ hold: () => new Promise(() => {}) })
    const redis = clientOf(proxy, { connectionName: 'shop', db: 0 })
    expect(await redis.ping()).toBe('PONG')
    expect(await redis.client('GETNAME')).toBe('shop')
  })

  it('speaks inline commands and RESP3, and answers empty commands with nothing', async () => {
    const { proxy, passed } = await open()
    expect(await rawly(proxy.port, '\r\n*0\r\nPING\r\n', 7)).toBe('+PONG\r\n')
    const hello = await rawly(proxy.port, 'HELLO 3\r\nDEBUG\r\n', 60)
    expect(hello).toMatch(/^%\d+\r\n\$6\r\nserver\r\n/)
    expect(passed).toEqual(['PING', 'HELLO', 'DEBUG'])
  })

  it('goes on unseen after SUBSCRIBE, MONITOR and CLIENT REPLY OFF, and says so', async () => {
    const unseen: string[] = []
    const { proxy } = await open({ unseen: (_, why) => unseen.push(why) })
    const channel = freshSaleId()
    const [listener, speaker] = [clientOf(proxy), clientOf(proxy)]
    await listener.subscribe(channel)
    const heard = once(listener, 'message')
    expect(await speaker.publish(channel, 'hi')).toBe(1)
    expect(await heard).toEqual([channel, 'hi'])
    expect(await rawly(proxy.port, 'CLIENT REPLY OFF\r\nPING\r\nCLIENT REPLY ON\r\nPING\r\n', 12)).toBe(
      '+OK\r\n+PONG\r\n',
    )
    expect(unseen).toEqual(['SUBSCRIBE', 'CLIENT'])
  })

  it('counts CLIENT REPLY SKIP: the command after it is not answered', async () => {
    const { proxy, passed } = await open()
    expect(await rawly(proxy.port, 'CLIENT REPLY SKIP\r\nPING\r\nECHO x\r\n', 7)).toBe('$1\r\nx\r\n')
    expect(passed).toEqual(['ECHO'])
  })

  it('lets who speaks no RESP through to Redis, which tells them', async () => {
    const unseen: string[] = []
    const { proxy } = await open({ unseen: (_, why) => unseen.push(why) })
    expect(await rawly(proxy.port, '*x\r\n', 20)).toMatch(/^-ERR Protocol error/)
    expect(unseen).toEqual(['no RESP: "x" is no length'])
  })

  it('answers a client that has closed its side', async () => {
    const { proxy } = await open()
    const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.end('PING\r\n')
    let text = ''
    for await (const chunk of socket) text += chunk
    expect(text).toBe('+PONG\r\n')
  })

  it('tells what a client that went away still waited for', async () => {
    const closed: string[][] = []
    const { proxy } = await open({ closed: (_, unanswered) => closed.push(unanswered.map(({ name }) => name)) })
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write(`BLPOP ${freshSaleId()} 0\r\n`)
    await once(socket, 'connect')
    const redis = clientOf(proxy)
    await redis.ping()
    socket.resetAndDestroy()
    await expect.poll(() => closed).toEqual([['BLPOP']])
  })

  it('survives a client that resets, with Redis behind a unix socket', async () => {
    const server = await startPrivateRedis()
    closers.push(server.stop)
    const closed: number[] = []
    const { proxy } = await open({ closed: (number) => closed.push(number) }, parseRedisUrl(`unix://${server.socket}`))
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write('PING\r\n')
    await once(socket, 'data')
    socket.resetAndDestroy()
    await expect.poll(() => closed).toEqual([1])
    expect(await clientOf(proxy).ping()).toBe('PONG')
  })

  it('passes on the end of Redis, and says when Redis is not there', async () => {
    const failures: string[] = []
    const target = parseRedisUrl(`redis://127.0.0.1:${await freePort()}`)
    const { proxy } = await open({ upstreamFailed: (error) => failures.push(error.message) }, target)
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => {})
    await once(socket, 'close')
    expect(failures).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  it('refuses several servers by name', async () => {
    await expect(open({}, parseRedisUrl('redis+cluster://h1:7000,h2:7001'))).rejects.toMatchObject({
      code: 'usage',
      message: 'the proxy speaks to one server, and cluster h1:7000,h2:7001 names several',
    })
  })

  it('a slow reader does not fill our memory', async () => {
    const { proxy } = await open()
    const redis = clientOf(proxy)
    const key = freshSaleId()
    await redis.set(key, 'x'.repeat(1_000_000))
    const socket = connect(proxy.port, '127.0.0.1')
    socket.pause()
    socket.write(`GET ${key}\r\n`.repeat(100))
    const before = process.memoryUsage().arrayBuffers
    await redis.get(key)
    await redis.get(key)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
    socket.resume()
    let bytes = 0
    for await (const chunk of socket) {
      bytes += chunk.length
      if (bytes === 100 * 1_000_012) break
    }
    expect(bytes).toBe(100 * 1_000_012)
  })
})
