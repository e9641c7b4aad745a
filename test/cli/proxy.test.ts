import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askServer } from '../../src/redis/inline.js'
import { freePort } from '../../src/redis/server-process.js'
import { seckill, seckillStart } from '../helpers/cli.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'
import { expectRefusal } from './world.js'

const started = async (...flags: string[]) => {
  const run = seckillStart(['proxy', '--listen', '0', '--redis', testRedisUrl(), ...flags])
  await run.waitFor(flags.includes('--json') ? '"port"' : 'listening on')
  const port = Number(/(?:127\.0\.0\.1:|"port":)(\d+)/.exec(run.stdout())?.[1])
  return { run, port, ask: (line: string) => askServer({ port, host: '127.0.0.1' }, 5_000, (ask) => ask(line)) }
}

describe('seckill proxy', () => {
  it('passes commands through and shows each, without passwords; Ctrl-C ends it', async () => {
    const { run, ask } = await started('--log')
    const key = freshSaleId()
    expect(await ask(`SET ${key} "a b"`)).toBe('OK')
    expect(await ask('AUTH shop secret')).toMatch(/^WRONGPASS|^ERR/)
    await run.waitFor(/#2.*ms\n/)
    run.kill('SIGINT')
    const { code, stdout } = await run.exited
    expect(code).toBe(130)
    expect(stdout).toMatch(new RegExp(`^ +[\\d.]+ ms {2}#1 {2}SET ${key} "a b" {2}→ {2}OK {2}[\\d.]+ ms$`, 'm'))
    expect(stdout).toMatch(/#2 {2}AUTH shop \*\*\* {2}→ {2}\(error\) /)
    expect(stdout).not.toContain('secret')
  })

  it('writes a document for each command with --json', async () => {
    const { run, ask } = await started('--log', '--json')
    await ask('PING')
    await run.waitFor('"PING"')
    run.kill('SIGTERM')
    const { code, stdout } = await run.exited
    expect(code).toBe(143)
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(first).toEqual({ schemaVersion: 1, command: 'proxy', port: expect.any(Number) })
    expect(second).toMatchObject({ connection: 1, command: 'PING', kind: 'housekeeping', reply: 'PONG' })
  })

  it('refuses a port in use, several servers and foreign hosts before anything is opened', async () => {
    const busy = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void busy.close())
    await once(busy, 'listening')
    const { port } = busy.address() as { port: number }
    const proxy = (redis: string, listen: number) => seckill(['proxy', '--listen', String(listen), '--redis', redis])
    expectRefusal(await proxy(testRedisUrl(), port), 2, new RegExp(`port ${port} is already in use; .*--listen`))
    const free = await freePort()
    expectRefusal(
      await proxy('redis+cluster://127.0.0.1:7000,127.0.0.1:7001', free),
      2,
      /names several; name one primary/,
    )
    expectRefusal(
      await proxy('redis://10.0.0.1:6379', free),
      2,
      /10\.0\.0\.1 is not this machine.*--allow-remote 10\.0\.0\.1/,
    )
  })
})
