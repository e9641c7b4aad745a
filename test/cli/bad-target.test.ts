import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { filesLeft, on, runLogs, seckill, shell, testFolder } from '../helpers/cli.js'
import { type RawRequest, rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, keysOf } from './world.js'

const seeded = async () => {
  const sale = freshSaleId()
  expect((await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(sale)])).code).toBe(0)
  return sale
}

const shopOf = async (answer: (request: RawRequest, socket: Socket) => void): Promise<string> => {
  const shop = await rawServer(answer)
  onTestFinished(shop.close)
  return shop.url
}

const blast = (sale: string, url: string, ...more: string[]) =>
  seckill(['blast', url, '--users', '20', '--concurrency', '5', '--quantity', '1', ...more, ...on(sale)])

const errorsIn = (stderr: string): string[] => stderr.match(/^error: .*$/gm) ?? []

describe('a target that gives no answer', () => {
  it('refuses: exit 3, and nothing is written', async () => {
    const sale = await seeded()
    const port = await freePort()
    const saying = new RegExp(`nothing listens at 127\\.0\\.0\\.1:${port} \\(ECONNREFUSED\\); .*--start`)
    expectRefusal(await blast(sale, `http://127.0.0.1:${port}/`), 3, saying)
    expectRefusal(await seckill(['buy', `http://127.0.0.1:${port}/`, ...on(sale)]), 3, saying)
    expect(filesLeft()).toEqual([])
  })

  it.each([
    ['resets', (_: RawRequest, socket: Socket) => void socket.resetAndDestroy(), 'ECONNRESET', '2s'],
    ['hangs up', (_: RawRequest, socket: Socket) => void socket.destroy(), 'closed', '2s'],
    ['hangs', () => {}, 'timeout', '300ms'],
    [
      'hangs half-way through',
      (_: RawRequest, socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-le'),
      'timeout',
      '300ms',
    ],
    [
      'talks nonsense',
      (_: RawRequest, socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
      'not HTTP/1.1',
      '2s',
    ],
    [
      'sends headers for ever',
      (_: RawRequest, socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`),
      'a head without end',
      '2s',
    ],
  ])('%s: unknown, exit 3 and why, the run is kept', async (_name, answer, why, timeout) => {
    const sale = await seeded()
    const { code, stdout, stderr } = await blast(sale, await shopOf(answer), '--timeout', timeout)
    expect(code, stdout + stderr).toBe(3)
    expect(stdout).toMatch(/│ unknown +│ +20 │ 100\.0 % │/)
    const [log] = runLogs()
    expect(errorsIn(stderr)).toEqual([
      expect.stringContaining(`answered none of 20 attempts (20 × "${why}"); is it up`),
    ])
    expect(stderr).toContain(`run log ${log}`)
    const audit = await seckill(['audit', ...on(sale)])
    expect(audit.code, audit.stdout).toBe(4)
    expect(audit.stdout).toContain('nobody bought anything, and no answer says why: 20 unknown')
  })

  it('--json: the error names the commonest reason and the run log', async () => {
    let asked = 0
    const url = await shopOf((_, socket) => void (asked++ % 4 === 0 ? socket.destroy() : socket.resetAndDestroy()))
    const { code, stdout } = await blast(freshSaleId(), url, '--json')
    expect(code, stdout).toBe(3)
    const { error } = JSON.parse(stdout)
    expect(error.message).toContain('none of 20 attempts (15 × "ECONNRESET")')
    expect(error.hint).toContain(runLogs()[0])
  })

  it('buy on one that hangs: unknown, exit 4', async () => {
    const sale = await seeded()
    const { code, stdout } = await seckill(['buy', await shopOf(() => {}), '--timeout', '300ms', ...on(sale)])
    expect(code).toBe(4)
    expect(stdout).toContain('unknown')
  })
})

it('a wrong path: nothing was tested, and why that may be', async () => {
  const answer = response('no such page', '', '404 Not Found')
  const { code, stderr } = await blast(await seeded(), await shopOf((_, socket) => void socket.write(answer)))
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(
    /^warning: nothing was tested: .* 20 attempts \(20 × error, status 404: "no such page"\); is the path/m,
  )
})

describe('a target whose answers nobody knows', () => {
  it.each([
    ['500', response('oops', '', '500 Internal Server Error'), /no rule for 20 answers like: 500 "oops"; .*know it: /],
    ['HTML', response('<html><h1>Welcome</h1></html>', 'content-type: text/html\r\n'), /like: 200 "<html>.*know it: /],
    ['an empty body', response(''), /no rule for 20 answers like: 200/],
    ['a redirect', response('', 'location: /login\r\n', '302 Found'), /no rule for 20 answers like: 302/],
  ])('%s: exit 0, a warning and a rule to paste', async (_name, answer, warning) => {
    const sale = await seeded()
    const url = await shopOf((_, socket) => void socket.write(answer))
    const { code, stdout, stderr } = await blast(sale, url)
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/│ unknown +│ +20 │ 100\.0 % │/)
    expect(stderr).toMatch(warning)
    const rule = /if you know it: (?:--outcome )?(.*)$/m.exec(stderr)?.[1] ?? ''
    const again = await shell(
      `seckill blast "$URL" --users 5 $FLAGS --outcome ${rule.replace('OUTCOME=', 'sold_out=')}`,
      {
        env: { URL: url, FLAGS: on(sale).join(' ') },
      },
    )
    expect(again.code, again.stderr).toBe(0)
    expect(again.stderr).not.toContain('no rule')
  })

  it('404 everywhere: error, exit 0, a warning', async () => {
    const url = await shopOf((_, socket) => void socket.write(response('no such page', '', '404 Not Found')))
    const { code, stdout, stderr } = await blast(await seeded(), url)
    expect(code).toBe(0)
    expect(stdout).toMatch(/│ error +│ +20 │/)
    expect(stderr).toMatch(/like: 404 "no such page"/)
  })

  it('429 needs no rule', async () => {
    const url = await shopOf((_, socket) => void socket.write(response('busy', '', '429 Too Many Requests')))
    const { stdout, stderr } = await blast(await seeded(), url)
    expect(stdout).toMatch(/│ throttled +│ +20 │/)
    expect(stderr).not.toContain('no rule')
  })
})

describe('a target that sells from elsewhere', () => {
  it('blast warns, audit is inconclusive', async () => {
    const sale = await seeded()
    const url = await shopOf((_, socket) => void socket.write(response('"恭喜您，您已抢到。"')))
    const { code, stderr } = await seckill(['blast', url, '--users', '4', '--quantity', '1', ...on(sale)])
    expect(code).toBe(0)
    expect(stderr).toMatch(new RegExp(`^warning: .*"sold" 4 times, but goods_${sale} never moved: .*prefix`, 'm'))
    const audit = await seckill(['audit', ...on(sale)])
    expect(audit.code, audit.stdout).toBe(4)
    expect(audit.stdout).toMatch(/see --redis, --stock-key, --records-key/)
  })
})

describe('blast without a sale to watch', () => {
  it('without meta: warns, and goes on', async () => {
    const sale = freshSaleId()
    const url = await shopOf((_, socket) => void socket.write(response('"很遗憾，抢购已经结束。"')))
    const { code, stdout, stderr } = await blast(sale, url)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/│ sold_out +│ +20 │/)
    expect(stderr).toMatch(new RegExp(`^warning: no meta for sale ${sale}`, 'm'))
    expect(await keysOf(sale)).toEqual([])
  })

  it('without Redis: warns, and goes on', async () => {
    const url = await shopOf((_, socket) => void socket.write(response('"很遗憾，抢购已经结束。"')))
    const { code, stderr } = await seckill([
      'blast',
      url,
      '--users',
      '5',
      '--redis',
      `redis://127.0.0.1:${await freePort()}`,
    ])
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^warning: redis .* cannot be reached/m)
    expect(runLogs()).toHaveLength(1)
  })
})

describe('a run log that cannot be written', () => {
  const soldOut = (_: RawRequest, socket: Socket) => void socket.write(response('"很遗憾，抢购已经结束。"'))
  const busy = (_: RawRequest, socket: Socket) => void socket.write(response('busy', '', '429 Too Many Requests'))

  it('--out on a full device: exit 1, one line', async () => {
    const { code, stderr } = await blast(await seeded(), await shopOf(soldOut), '--out', '/dev/full')
    expect(code, stderr).toBe(1)
    expect(errorsIn(stderr)).toEqual([expect.stringMatching(/no space left for the run log \/dev\/full; .*--out/)])
  })

  it('a disk that fills up on the way: exit 1, one line, the results are printed', async () => {
    const sale = await seeded()
    const fire = `seckill blast "$URL" --users 5000 --concurrency 5 $FLAGS`
    // A file size limit of 16 KiB, whose signal is ignored, fails a write as a full disk does.
    const { code, stdout, stderr } = await shell(`trap '' XFSZ; ulimit -f 32; ${fire}`, {
      env: { URL: await shopOf(busy), FLAGS: on(sale).join(' ') },
    })
    expect(code, stdout + stderr).toBe(1)
    expect(stdout).toMatch(/│ throttled +│/)
    expect(errorsIn(stderr)).toEqual([expect.stringMatching(/cannot write the run log/)])
    const audit = await seckill(['audit', ...on(sale)])
    expect(audit.code, audit.stdout).toBe(4)
  })

  it('--out on a file that exists: it stays, nothing is fired', async () => {
    const path = join(testFolder(), 'precious.run')
    writeFileSync(path, 'precious')
    const shop = await rawServer(soldOut)
    onTestFinished(shop.close)
    expectRefusal(await blast(await seeded(), shop.url, '--out', path), 2, /precious\.run exists already; .*--out/)
    expect(shop.requests).toEqual([])
    expect(filesLeft()).toEqual(['precious.run'])
  })

  it('--out in a folder that cannot be', async () => {
    writeFileSync(join(testFolder(), 'file'), '')
    const result = await blast(await seeded(), await shopOf(soldOut), '--out', 'file/run')
    expect(errorsIn(result.stderr)).toEqual([expect.stringMatching(/cannot write the run log/)])
    expect(result.code).toBe(1)
  })
})

describe('--start', () => {
  it('a command that ends at once: exit 3, with its last words', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`
    const start = `echo 'cannot find the shop' >&2; exit 7`
    const result = await blast(await seeded(), url, '--start', start)
    expect(result.code, result.stderr).toBe(3)
    expect(errorsIn(result.stderr)).toEqual([expect.stringMatching(/ended \(exit code 7\).*cannot find the shop; /)])
    expect(runLogs()).toEqual([])
  })

  it('a command that does not exist', async () => {
    const result = await blast(await seeded(), `http://127.0.0.1:${await freePort()}/`, '--start', 'no-such-command')
    expect(result.code).toBe(3)
    expect(errorsIn(result.stderr)).toEqual([expect.stringMatching(/no-such-command/)])
  })

  it('a port that is open already: exit 2, nothing is started or fired', async () => {
    const shop = createServer((_, answer) => void answer.end())
    shop.listen(0, '127.0.0.1')
    await once(shop, 'listening')
    onTestFinished(() => void shop.close())
    const { port } = shop.address() as { port: number }
    const mark = join(testFolder(), 'started')
    const result = await blast(await seeded(), `http://127.0.0.1:${port}/`, '--start', `touch ${mark}`)
    expect(result.code, result.stderr).toBe(2)
    expect(errorsIn(result.stderr)).toEqual([expect.stringMatching(new RegExp(`port ${port} is already open`))])
    expect(filesLeft()).toEqual([])
  })
})
