import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { filesLeft, on, seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, keysOf } from './world.js'

/** Exit code 2, one line, no key and no file. */
const expectUsageError = async (args: readonly string[], saying: RegExp) => {
  const sale = freshSaleId()
  const flags = args.includes('--sale') ? on(sale).slice(0, 2) : on(sale)
  expectRefusal(await seckill([...args, ...flags]), 2, saying)
  expect(await keysOf(sale)).toEqual([])
  expect(filesLeft()).toEqual([])
}

describe('a mistyped call', () => {
  it.each([
    [['frob'], /unknown command 'frob'/],
    [['init', '--stock', '5', '--bogus'], /unknown option '--bogus'/],
    [['init', '--stock', '5', 'surplus'], /too many arguments/],
    [['status', '--watch', 'soon'], /--watch.*500ms/],
    [['simulate'], /--strategy <name>/],
    [['simulate', '--strategy', 'counter-lau'], /counter-lau/],
    [['serve', '--strategy', 'magic'], /magic/],
    [['redis', 'restart'], /no action "restart"/],
    [['buy', 'http://127.0.0.1:1', '--strategy', 'counter-lua'], /exclude each other/],
    [['init'], /how many units .*; --stock 50/],
  ])('%j', (args, saying) => expectUsageError(args, saying))
})

describe('a number out of range', () => {
  it.each(['0', '-1', '1.5', 'abc', '10000001', ''])('--stock %s', (stock) =>
    expectUsageError(['init', '--stock', stock], /--stock <n>.*from 1 to 10,?000,?000/),
  )

  it.each([
    ['users', '0'],
    ['users', 'many'],
    ['concurrency', '0'],
    ['quantity', '2-1'],
    ['quantity', '0'],
    ['duplicates', '101%'],
    ['usernames', 'elvish'],
    ['seed', '-1'],
  ])('--%s %s', async (name, value) => {
    const shop = `http://127.0.0.1:${await freePort()}`
    await expectUsageError(['blast', shop, `--${name}`, value], new RegExp(name === 'usernames' ? value : `--${name} `))
    await expectUsageError(['simulate', '--strategy', 'counter-lua', `--${name}`, value], new RegExp(value))
  })

  it.each([
    ['blast', '--timeout', '0'],
    ['audit', '--settle', 'later'],
    ['init', '--ttl', '0'],
    ['init', '--limit', '0'],
    ['serve', '--port', '65536'],
    ['serve', '--workers', '0'],
  ])('%s %s %s', (command, flag, value) => expectUsageError([command, flag, value], new RegExp(flag)))
})

describe('a name that cannot be', () => {
  it.each(['two words', 'br{ace}s', '', 'x'.repeat(65), 'ü'])('sale id %j', (id) =>
    expectUsageError(['init', '--stock', '5', '--sale', id], /^error: sale id .* is not usable/),
  )

  it.each(['http://', 'http:///seckill', 'not a url', 'ftp://127.0.0.1/', '//127.0.0.1', 'http://127.0.0.1:99999/'])(
    'target URL %j',
    (url) => expectUsageError(['blast', url], /URL|http/),
  )

  it.each([
    'redis://',
    'redis://:6379',
    'http://127.0.0.1',
    'redis://127.0.0.1:99999',
    'redis://127.0.0.1/x',
    'private',
  ])('--redis %s', async (url) => {
    expectRefusal(await seckill(['init', '--stock', '5', '--redis', url]), 2, /redis/i)
    expect(filesLeft()).toEqual([])
  })

  it.each([
    [['init', '--stock', '5', '--layout', 'set'], /no layout "set"/],
    [['init', '--stock', '5', '--stock-key', 'k', '--records-key', 'k'], /cannot share the key k/],
    [['blast', 'http://127.0.0.1:1', '--outcome', 'soled=status:200'], /no outcome "soled".*sold/],
    [['blast', 'http://127.0.0.1:1', '--outcome', 'sold'], /OUTCOME=KIND/],
    [['audit', '--outcome', 'sold=regex:('], /no regex test/],
  ])('%j', (args, saying) => expectUsageError(args, saying))

  it('a password never shows, not even in a URL that cannot be read', async () => {
    const result = await seckill(['status', '--redis', 'redis://user:s3cret@127.0.0.1:99999'])
    expectRefusal(result, 2, /redis/i)
    expect(result.stdout + result.stderr).not.toContain('s3cret')
  })
})

describe('a sale file', () => {
  it.each([
    ['sale: [', /seckill\.yaml:\d+:\d+/],
    ['sale:\n  id: "two words"\n', /seckill\.yaml:2:\d+/],
    ['sale:\n  stock: { key: g, type: list, initial: 0 }\n', /seckill\.yaml:2:\d+/],
    ['seal:\n  id: a\n', /seckill\.yaml:1:\d+.*sale/],
  ])('that says %j', async (text, saying) => {
    writeFileSync(join(testFolder(), 'seckill.yaml'), text)
    expectRefusal(await seckill(['init', '--stock', '5', ...on(freshSaleId())]), 2, saying)
  })

  it('that is not there', async () => {
    expectRefusal(await seckill(['status', '--file', 'none.yaml']), 2, /none\.yaml/)
  })
})

describe('a port in use', () => {
  it('serve', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    onTestFinished(() => void squatter.close())
    const { port } = squatter.address() as { port: number }
    const result = await seckill(['serve', '--port', String(port), ...on(freshSaleId())])
    expectRefusal(result, 2, new RegExp(`port ${port} is already in use; .*--port`))
  })
})

describe('another machine', () => {
  /** The process dies with 77 at the first connection it tries to make. */
  const NO_CONNECTION = `data:text/javascript,import net from 'node:net';net.Socket.prototype.connect=()=>process.exit(77)`
  const env = { NODE_OPTIONS: `--import "${NO_CONNECTION}"` }

  it('the trap works', async () => {
    expect((await seckill(['init', '--stock', '5', '--redis', 'redis://127.0.0.1:1'], { env })).code).toBe(77)
  })

  it.each([
    [['init', '--stock', '5', '--redis', 'redis://192.0.2.1']],
    [['init', '--stock', '5', '--redis', 'redis+sentinel://127.0.0.1:1,192.0.2.1:2/shop']],
    [['init', '--stock', '5', '--redis', 'redis://192.0.2.1', '--force', '--yes']],
    [['reset', '--yes', '--redis', 'redis://192.0.2.1']],
    [['simulate', '--strategy', 'counter-lua', '--redis', 'redis://192.0.2.1']],
    [['buy', '--strategy', 'counter-lua', '--redis', 'redis://192.0.2.1']],
    [['buy', 'http://192.0.2.1/seckill']],
    [['blast', 'http://192.0.2.1/seckill']],
    [['blast', 'http://192.0.2.1/seckill', '--allow-remote', '192.0.2.2']],
    [['blast', 'http://127.0.0.1@192.0.2.1/seckill']],
  ])('%j is refused before any connection', async (args) => {
    expectRefusal(await seckill(args, { env }), 2, /192\.0\.2\.1 is not this machine.*--allow-remote 192\.0\.2\.1/)
    expect(filesLeft()).toEqual([])
  })

  it.each([[['--allow-remote', '192.0.2.1'], {}] as const, [[], { SECKILL_ALLOW_REMOTE: 'x,192.0.2.1' }] as const])(
    'is let through by %j %j',
    async (flags, allowed) => {
      const result = await seckill(['init', '--stock', '5', '--redis', 'redis://192.0.2.1', ...flags], {
        env: { ...env, ...allowed },
      })
      expect(result.code).toBe(77)
    },
  )
})
