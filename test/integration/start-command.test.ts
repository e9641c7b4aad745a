import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isListening } from '../../src/load/probe-target.js'
import { type StartedTarget, type StartOptions, startTarget } from '../../src/load/start-command.js'
import { freePort } from '../../src/redis/server-process.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seckill it's "))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const freeUrl = async (): Promise<string> => `http://127.0.0.1:${await freePort()}/seckill`

/** A shop as a shell command: listens on $PORT and answers with this status, after running `extra`. */
const shop = (status = 200, extra = ''): string =>
  `node -e '${extra};require("http").createServer((q,r)=>{r.statusCode=${status};r.end()}).listen(process.env.PORT,"127.0.0.1")'`

const started: StartedTarget[] = []
const start = async (
  command: string,
  { variables, ...options }: Partial<StartOptions> & { variables?: Record<string, string> } = {},
): Promise<StartedTarget> => {
  const url = options.url ?? (await freeUrl())
  const env = { ...process.env, PORT: new URL(url).port, ...variables }
  const target = await startTarget({ command, url, env, ...options })
  started.push(target)
  return target
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((target) => target.stop()))
})

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it started'),
    (error) => error,
  )

/** Whether a process of this group runs; one that merely waits to be reaped does not. */
const groupIsAlive = (group: number): boolean =>
  execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .some(([pgid, state = 'Z']) => Number(pgid) === group && !state.startsWith('Z'))

const until = async (condition: () => boolean | Promise<boolean>, withinMs: number): Promise<number> => {
  const startMs = performance.now()
  while (!(await condition())) {
    if (performance.now() - startMs > withinMs) expect.fail(`not within ${withinMs} ms`)
    await pause(10)
  }
  return performance.now() - startMs
}

describe('startTarget', () => {
  it('waits for the port, passes the environment and the output on, and stops the whole group', async () => {
    const url = await freeUrl()
    const heard: string[] = []
    const target = await start(`echo for $SALE; ${shop()}`, {
      url,
      variables: { SALE: 'a' },
      onOutput: (text) => heard.push(text),
    })
    expect(await isListening(url)).toBe(true)
    expect(heard.join('')).toBe('for a\n')
    expect(target.lastOutput()).toBe('for a\n')
    await Promise.all([target.stop(), target.stop()])
    expect(await isListening(url)).toBe(false)
    expect(groupIsAlive(target.pid)).toBe(false)
    expect(await target.exited).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('lets the shop finish on SIGTERM, even behind a shell that does not wait for it', async () => {
    const slowly = 'process.on("SIGTERM",()=>setTimeout(()=>{console.log("bye");process.exit(5)},300))'
    const direct = await start(`exec ${shop(200, slowly)}`)
    await direct.stop()
    expect(await direct.exited).toEqual({ code: 5, signal: null })
    expect(direct.lastOutput()).toBe('bye\n')
    const log = join(folder, 'shop.log')
    const behind = await start(`(${shop(200, slowly)}) >"$LOG" 2>&1; true`, { variables: { LOG: log } })
    await behind.stop()
    expect(await readFile(log, 'utf8')).toBe('bye\n')
  })

  it('kills a shop that ignores SIGTERM after five seconds', async () => {
    const target = await start(shop(200, 'process.on("SIGTERM",()=>{})'))
    const startMs = performance.now()
    await target.stop()
    expect(performance.now() - startMs).toBeGreaterThan(4_900)
    expect(groupIsAlive(target.pid)).toBe(false)
  }, 15_000)

  it('ends what a crashed shop leaves behind, and tells the crash', async () => {
    const marker = join(folder, 'go')
    const wait = `setInterval(()=>{if(require("fs").existsSync(process.env.MARKER)){console.error("crashed");process.exit(3)}},10)`
    const target = await start(`sleep 1000 & ${shop(200, wait)}`, { variables: { MARKER: marker } })
    await writeFile(marker, '')
    expect(await target.exited).toEqual({ code: 3, signal: null })
    expect(target.lastOutput()).toBe('crashed\n')
    await until(() => !groupIsAlive(target.pid), 10_000)
    await target.stop()
  })

  it('refuses a port that is open already', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ran = join(folder, 'ran')
    const error = await failure(start(`touch '${ran.replaceAll("'", "'\\''")}'`, { url: `http://127.0.0.1:${port}/` }))
    server.close()
    expect(error).toMatchObject({
      code: 'port_in_use',
      message: `port ${port} is already open: something else is running there`,
      hint: 'stop it or choose another port',
    })
    expect(existsSync(ran)).toBe(false)
  })

  it('tells an early exit with the last words, without a password', async () => {
    const error = await failure(start('echo starting; echo "no redis at redis://u:secret@h/0" >&2; exit 7'))
    expect(error).toMatchObject({ code: 'start_failed', exitCode: 3 })
    expect(error.message).toMatch(
      /^the --start command ended \(exit code 7\) before it opened port \d+: .*redis:\/\/u:\*\*\*@h\/0/,
    )
    expect(error.message).not.toContain('secret')
    expect((await failure(start('kill -9 $$'))).message).toContain('ended (SIGKILL)')
    expect((await failure(start('no-such-command'))).message).toContain('no-such-command: not found')
    expect((await failure(start(`node -e 'throw new TypeError("bad config")'`))).message).toMatch(
      /: TypeError: bad config$/,
    )
  })

  it('gives up on a shop that never opens its port', async () => {
    const url = await freeUrl()
    const error = await failure(start('echo still thinking; exec sleep 1000', { url, timeoutMs: 300 }))
    expect(error).toMatchObject({ code: 'start_failed' })
    expect(error.message).toBe(
      `the --start command did not open port ${new URL(url).port} within 0.3 s: still thinking`,
    )
  })

  it('waits for an answer below 500 where --ready is given', async () => {
    const url = await freeUrl()
    const ready = new URL('/healthz', url).href
    const error = await failure(start(shop(503), { url, ready, timeoutMs: 500 }))
    expect(error.message).toContain(`did not answer at ${ready} within 0.5 s`)
    const target = await start(shop(404), { url, ready })
    await target.stop()
  })

  it('runs a leading "seckill" as this program, whatever its path', async () => {
    const bin = join(folder, 'fake bin.mjs')
    await writeFile(bin, 'console.log(JSON.stringify(process.argv.slice(2))); process.exit(9)')
    const seckill = { node: process.execPath, bin }
    const error = await failure(start('seckill serve --workers 2', { seckill }))
    expect(error.message).toContain('(exit code 9)')
    expect(error.message).toContain('["serve","--workers","2"]')
    expect((await failure(start('seckill-other serve', { seckill }))).message).toContain('seckill-other: not found')
  })

  it('leaves no orphan when this process is killed with -9', async () => {
    const url = await freeUrl()
    const module = new URL('../../dist/load/start-command.js', import.meta.url).href
    const parent = `
      const { startTarget } = await import(process.env.MODULE)
      const target = await startTarget({ command: process.env.COMMAND, url: process.env.URL, env: process.env })
      console.log(target.pid)`
    const command = `sleep 1000 & ${shop(200, 'process.on("SIGTERM",()=>{})')}`
    const env = { ...process.env, MODULE: module, COMMAND: command, URL: url, PORT: new URL(url).port }
    const child = spawn(process.execPath, ['--input-type=module', '-e', parent], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(createInterface(child.stdout), 'line')
    const group = Number(line)
    expect(groupIsAlive(group)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !groupIsAlive(group), 10_000)
    // A look at a closed port may, once in many, connect to itself.
    await until(async () => !(await isListening(url)), 10_000)
  })
})
