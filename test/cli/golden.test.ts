import { describe, expect, it, onTestFinished } from 'vitest'
import { commands } from '../../src/cli/commands/index.js'
import { on, seckill, steady } from '../helpers/cli.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId } from '../helpers/redis.js'

/** What a person sees: both streams and the exit code, without what differs from run to run. `vitest -u` takes new wording. */
const seen = async (...args: string[]) => {
  const { code, stdout, stderr } = await seckill(args)
  return `${steady(stdout)}── stderr\n${steady(stderr)}── exit code ${code}\n`
}

const seeded = async (layout: string, stock: number) => {
  const sale = freshSaleId()
  await seckill(['init', '--stock', String(stock), '--layout', layout, ...on(sale)])
  return sale
}

/** Purchases one after the other, so that the seed decides everything. */
const load = (strategy: string, users: number) =>
  ['simulate', '--strategy', strategy, '--users', String(users), '--concurrency', '1', '--seed', '7'] as const

describe('help', () => {
  it('root', async () => {
    const root = await seen('--help')
    expect(root).toMatchSnapshot()
    expect(await seen()).toBe(root)
    expect(await seen('help')).toBe(root)
    expect(await seen('help', 'audit')).toBe(await seen('audit', '--help'))
  })

  it.each(commands.map(({ name }) => name))('%s', async (name) => expect(await seen(name, '--help')).toMatchSnapshot())

  it('--version', async () => {
    const { code, stdout } = await seckill(['--version'])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
    expect(code).toBe(0)
  })
})

describe('a sale', () => {
  it('init, and again over it', async () => {
    const sale = freshSaleId()
    const init = ['init', '--stock', '12345', ...on(sale)]
    expect(await seen(...init, '--dry-run')).toMatchSnapshot('dry run')
    expect(await seen(...init, '--ttl', '60')).toMatchSnapshot('first')
    expect(await seen(...init)).toMatchSnapshot('again')
  })

  it.each(['list', 'list-basic', 'counter'])('status of a %s', async (layout) => {
    expect(await seen('status', ...on(await seeded(layout, 1234)))).toMatchSnapshot()
  })

  it('reset', async () => {
    const sale = await seeded('list', 5)
    expect(await seen('reset', ...on(sale))).toMatchSnapshot('unconfirmed')
    expect(await seen('reset', '--yes', ...on(sale))).toMatchSnapshot('confirmed')
  })
})

describe('purchases', () => {
  it('buy by a strategy, twice', async () => {
    const sale = await seeded('counter', 5)
    const buy = ['buy', '--strategy', 'counter-lua', '--user', 'alice', '--quantity', '2', ...on(sale)]
    expect(await seen(...buy)).toMatchSnapshot('first')
    expect(await seen(...buy)).toMatchSnapshot('again')
  })

  it('buy on a server, with and without a rule', async () => {
    const sale = await seeded('counter', 5)
    const shop = await rawServer(({ body }, socket) => {
      socket.end(response(body.includes('alice') ? '"很遗憾，抢购已经结束。"' : '{"code":7}'))
    })
    onTestFinished(shop.close)
    expect(await seen('buy', shop.url, '--user', 'alice', ...on(sale))).toMatchSnapshot('a rule')
    expect(await seen('buy', shop.url, '--user', 'bob', ...on(sale))).toMatchSnapshot('none')
  })

  it('simulate', async () => {
    expect(await seen(...load('list-lua', 100), ...on(await seeded('list', 20)))).toMatchSnapshot()
  })

  it('blast', async () => {
    const sale = await seeded('counter', 5)
    const shop = await rawServer(({ body }, socket) => {
      socket.write(response(body.includes('purchase=2') ? '"很遗憾，抢购已经结束。"' : '<h1>Bad gateway</h1>'))
    })
    onTestFinished(shop.close)
    const flags = ['--users', '1500', '--concurrency', '2', '--seed', '7', ...on(sale)]
    expect(await seen('blast', `${shop.url}/seckill`, ...flags)).toMatchSnapshot()
  })
})

describe('verdicts', () => {
  it('pass', async () => {
    const sale = await seeded('counter', 20)
    await seckill([...load('counter-lua', 100), '--duplicates', '10%', ...on(sale)])
    expect(await seen('audit', ...on(sale))).toMatchSnapshot()
  })

  it('fail', async () => {
    const sale = await seeded('counter', 1)
    await seckill([...load('counter-naive', 20), '--quantity', '1', ...on(sale)])
    expect(await seen('audit', ...on(sale))).toMatchSnapshot()
  })

  it('inconclusive, for want of a run', async () => {
    expect(await seen('audit', ...on(await seeded('list', 5)))).toMatchSnapshot()
  })

  it('of the store alone', async () => {
    expect(await seen('audit', '--run', 'none', ...on(await seeded('list-basic', 5)))).toMatchSnapshot()
  })
})

it('strategies', async () => expect(await seen('strategies')).toMatchSnapshot())
