import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fastify } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { isListening } from '../../src/load/probe-target.js'
import { startServer } from '../../src/server/serve.js'

const FIXTURE = fileURLToPath(new URL('../fixtures/cluster-server.mjs', import.meta.url))

interface Told {
  readonly url?: string
  readonly died?: number
  readonly slow?: number
  readonly closed?: number
  readonly ended?: true
  readonly error?: { code: string; message: string; hint: string }
}

/** The fixture at work: everything it told so far, and what to wait for. */
class Fixture {
  readonly process: ChildProcess
  readonly told: Told[] = []
  readonly exited: Promise<unknown>

  constructor(...args: (string | number)[]) {
    this.process = spawn(process.execPath, [FIXTURE, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.exited = once(this.process, 'exit')
    createInterface(this.process.stdout as NonNullable<ChildProcess['stdout']>).on('line', (line) =>
      this.told.push(JSON.parse(line)),
    )
  }

  async until<K extends keyof Told>(key: K): Promise<NonNullable<Told[K]>> {
    const found = () => this.told.find((message) => message[key] !== undefined)?.[key]
    await expect.poll(found, { timeout: 15_000, interval: 10 }).toBeDefined()
    return found() as NonNullable<Told[K]>
  }
}

const fixtures: Fixture[] = []
const run = (...args: (string | number)[]): Fixture => {
  const fixture = new Fixture(...args)
  fixtures.push(fixture)
  return fixture
}
afterEach(() => {
  for (const { process } of fixtures.splice(0)) process.kill('SIGKILL')
})

/** One request, by default on a connection of its own; rejects where the connection breaks. */
const fetchText = (url: string, agent: Agent | false = false): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.once('end', () => resolve(text)).once('error', reject)
    }).once('error', reject)
  })

/** The worker processes that answer, once there are as many as expected; it fails where they do not come. */
const workersOf = async (url: string, count: number): Promise<number[]> => {
  const pids = new Set<number>()
  const endMs = performance.now() + 20_000
  while (pids.size < count && performance.now() < endMs) {
    const pid = Number(await fetchText(`${url}/pid`).catch(() => ''))
    if (pid > 0 && !pids.has(pid)) pids.add(pid)
    else await pause(5)
  }
  expect(pids.size).toBe(count)
  return [...pids]
}

const busyPort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

describe('startServer with workers', () => {
  it('serves from all of them on one port, chosen if need be, and stops gracefully', async () => {
    const fixture = run(2, 0)
    const url = await fixture.until('url')
    expect(Number(new URL(url).port)).toBeGreaterThan(0)
    const workers = await workersOf(url, 2)
    expect(workers).not.toContain(fixture.process.pid)
    const slow = fetchText(`${url}/slow`)
    await fixture.until('slow')
    fixture.process.kill('SIGTERM')
    expect(await slow).toBe('done')
    expect(await fixture.exited).toEqual([0, null])
    expect(fixture.told.filter(({ closed }) => closed).length).toBe(2)
    expect(fixture.told.filter(({ url, ended }) => url || ended)).toHaveLength(2)
    expect(await isListening(url)).toBe(false)
  })

  it('replaces workers that die, all at once even, on the same port', async () => {
    const fixture = run(2, 0)
    const url = await fixture.until('url')
    const before = await workersOf(url, 2)
    for (const pid of before) process.kill(pid, 'SIGKILL')
    await expect.poll(() => fixture.told.filter(({ died }) => died).length).toBe(2)
    await expect.poll(() => isListening(url), { timeout: 10_000 }).toBe(true)
    const after = await workersOf(url, 2)
    expect(after.filter((pid) => before.includes(pid))).toEqual([])
  })

  it('gives up where workers die again and again', async () => {
    const fixture = run(2, 0, 'crash')
    const error = await fixture.until('error')
    expect(error).toMatchObject({
      code: 'unexpected',
      message: '5 workers died within 10 s, the last one by exit code 7',
    })
    expect(await fixture.exited).toEqual([1, null])
  })

  it('reports why its workers cannot serve, once', async () => {
    const fixture = run(3, 0, 'no-redis')
    expect(await fixture.until('error')).toEqual({
      ...{ code: 'redis_unreachable', message: 'redis h:1 cannot be reached', hint: 'start one' },
    })
    expect(await fixture.exited).toEqual([3, null])
    expect(fixture.told).toHaveLength(1)
  })

  it('reports a port in use without starting a worker', async () => {
    const busy = await busyPort()
    const fixture = run(2, busy.port)
    expect(await fixture.until('error')).toMatchObject({
      code: 'port_in_use',
      message: `port ${busy.port} is already in use`,
    })
    expect(await fixture.exited).toEqual([2, null])
    busy.close()
  })

  it('leaves no worker behind when the primary is killed with -9', async () => {
    const fixture = run(2, 0)
    const url = await fixture.until('url')
    await workersOf(url, 2)
    fixture.process.kill('SIGKILL')
    await expect.poll(() => isListening(url), { interval: 20 }).toBe(false)
  })
})

describe('startServer in one process', () => {
  const start = (port: number, log: string[] = [], host = '127.0.0.1') => {
    const app = fastify()
    app.get('/stuck', () => {
      log.push('stuck')
      return new Promise(() => {})
    })
    app.get('/slow', () => {
      log.push('slow')
      return pause(300, 'done')
    })
    const close = async () => void log.push('closed')
    const onListening = (url: string) => log.push(url)
    return startServer({ host, port, workers: 1, open: async () => ({ app, close }), onListening })
  }

  it('tells where it listens, and frees everything once', async () => {
    const log: string[] = []
    const server = await start(0, log)
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    expect(await isListening(server.url)).toBe(true)
    await Promise.all([server.close(), server.close()])
    await server.ended
    expect(log).toEqual([server.url, 'closed'])
    expect(await isListening(server.url)).toBe(false)
  })

  it('does not wait for connections that are merely kept open', async () => {
    const log: string[] = []
    const server = await start(0, log)
    const unused = connect(server.port, '127.0.0.1')
    await once(unused, 'connect')
    const agent = new Agent({ keepAlive: true })
    await fetchText(`${server.url}/nothing`, agent)
    const slow = fetchText(`${server.url}/slow`, agent)
    await expect.poll(() => log).toContain('slow')
    const startMs = performance.now()
    await server.close()
    expect(await slow).toBe('done')
    expect(performance.now() - startMs).toBeLessThan(4_500)
    agent.destroy()
  })

  it('cuts requests that take longer than five seconds to finish', async () => {
    const log: string[] = []
    const server = await start(0, log)
    const stuck = fetchText(`${server.url}/stuck`).then(
      () => 'answered',
      () => 'cut',
    )
    await expect.poll(() => log).toContain('stuck')
    const startMs = performance.now()
    await server.close()
    expect(await stuck).toBe('cut')
    expect(performance.now() - startMs).toBeGreaterThan(4_900)
  }, 15_000)

  it('frees what it opened where the port is in use, or the address not ours', async () => {
    const busy = await busyPort()
    const log: string[] = []
    await expect(start(busy.port, log)).rejects.toMatchObject({ code: 'port_in_use', exitCode: 2 })
    await expect(start(0, log, '192.0.2.1')).rejects.toMatchObject({ code: 'usage' })
    expect(log).toEqual(['closed', 'closed'])
    busy.close()
  })
})
