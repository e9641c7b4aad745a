import { describe, expect, it } from 'vitest'
import { readOwnQueue } from '../../src/store/own-queue.js'
import { until } from '../helpers/back-office.js'
import { on, seckill, seckillStart } from '../helpers/cli.js'
import { heldRedis } from '../helpers/held-redis.js'
import { expectAllDecided, orderAll, queuedSale } from '../helpers/queued-sale.js'

const POLL = ['--poll', 'GET /orders/{{ticket}}', '--poll-interval', '5ms']

const serve = async (flags: readonly string[]) => {
  const server = seckillStart(['serve', '--port', '0', '--json', ...flags])
  await server.waitFor('"url"')
  return { server, url: JSON.parse(server.stdout()).url as string }
}

interface Judged {
  readonly id: string
  readonly verdict: string
  readonly message: string
  readonly evidence: { readonly users: readonly string[] }
}

const auditOf = async (flags: readonly string[], ...more: readonly string[]) => {
  const { code, stdout } = await seckill(['audit', '--json', ...more, ...flags])
  const json = JSON.parse(stdout)
  const of = (id: string) => json.invariants.find((judged: Judged) => judged.id === id)
  const failed = json.invariants.filter(({ verdict }: Judged) => verdict === 'fail').map(({ id }: Judged) => id)
  return { code, json, of, failed }
}

describe('a shop with a queue, judged', () => {
  it('passes with four figures that agree, on the screen and in the report', async () => {
    const { flags } = await queuedSale(20)
    const { url } = await serve(['--with-worker', ...flags])
    const blast = await seckill(['blast', `${url}/queue`, '--users', '30', '--quantity', '1', ...POLL, ...flags])
    expect([blast.code, blast.stderr]).toEqual([0, expect.any(String)])
    const audit = await seckill(['audit', ...flags])
    const figures = 'orders in the queue: 20 heard that they won, 20 reserved, 20 sold by jobs, 20 of them recorded'
    expect(audit).toMatchObject({ code: 0, stdout: expect.stringContaining(figures) })
    expect(audit.stdout).toMatch(/pass +│ reserved-is-recorded 预占未入账/)
    for (const format of ['md', 'html'])
      expect((await seckill(['report', '--format', format])).stdout).toContain(figures)
  })

  it('whose queue does not drain is inconclusive, with what lies where', async () => {
    const { flags, redis, keys } = await queuedSale(20)
    await orderAll(redis, keys, 3)
    const { code, json } = await auditOf(flags, '--settle', '300ms', '--run', 'none')
    expect([code, json.verdict, json.settled.settled]).toEqual([4, 'inconclusive', false])
    expect(json.settled.moving).toBe(`3 in ${keys.orders}, not yet relayed; no worker is connected: seckill worker`)
  })
})

describe('queue-gap', () => {
  it('whose server is killed between script and enqueue lost the order of one user, who is named with the units', async () => {
    const { sale, flags, redis, keys } = await queuedSale(20)
    const held = await heldRedis()
    const { server, url } = await serve(['--with-worker', ...on(sale, held.url)])
    const shop = `${url}/buy/queue-gap`
    const blast = await seckill(['blast', shop, '--users', '4', '--quantity', '1', ...POLL, ...flags])
    expect(blast.code).toBe(0)
    // Whatever hands the order over: it names keys of the jobs, and Ann's ticket.
    held.hold(
      (words) => words.some((word) => word.startsWith(keys.jobs)) && words.some((word) => word.includes('order-ann')),
    )
    const purchase = seckillStart(['buy', shop, '--user', 'ann', '--quantity', '2', '--timeout', '2s', ...flags])
    await held.waiting(1)
    expect(await redis.hget(keys.claims, 'ann')).toBe('2')
    server.kill('SIGKILL')
    await Promise.all([server.exited, purchase.exited])
    expect((await seckill(['worker', '--until-idle', ...flags])).code).toBe(0)
    const { code, json, of, failed } = await auditOf(flags)
    expect([code, failed]).toEqual([10, ['conservation', 'reserved-is-recorded']])
    expect(of('reserved-is-recorded')).toMatchObject({
      message: '2 units reserved for orders that no job knows, and not recorded: ann',
      evidence: { users: ['ann'] },
    })
    expect(of('conservation')).toMatchObject({ message: /2 units lost/, evidence: { users: ['ann'] } })
    expect(json.orders).toMatchObject({ won: 4, reserved: 5, jobs: 4, recorded: 4, units: { reserved: 6, jobs: 4 } })
  })
})

describe('queue-naive with two workers', () => {
  /** Fires, lets two workers read before either takes, and follows what became of it. */
  const race = async (stock: number, load: readonly string[]) => {
    const { sale, flags, redis, keys } = await queuedSale(stock)
    const held = await heldRedis()
    const { url } = await serve(flags)
    const blast = seckillStart(['blast', `${url}/buy/queue-naive`, '--quantity', '1', ...load, ...POLL, ...flags])
    await until(async () => (await readOwnQueue(redis, keys)).waiting === 2)
    held.hold(([name]) => name === 'DECRBY')
    const workers = [1, 2].map(() => seckillStart(['worker', '--until-idle', ...on(sale, held.url)]))
    await held.waiting(2)
    held.release()
    for (const { exited } of [...workers, blast]) expect((await exited).code).toBe(0)
    const users = (await redis.call('HKEYS', keys.records)) as string[]
    return { ...(await auditOf(flags)), users: users.sort() }
  }

  it('sells one unit to two users, who are named', async () => {
    const { code, json, of, failed, users } = await race(1, ['--users', '2'])
    expect(code).toBe(10)
    expect(failed).toEqual(['no-oversell', 'no-negative-stock', 'real-time-order'])
    expect(users).toHaveLength(2)
    expect(of('no-oversell').message).toMatch(/^2 units are recorded .*, but there were 1 unit? ?for sale/)
    expect([...json.people.sorry.users].every((user: string) => users.includes(user))).toBe(true)
    expect(json.stock).toMatchObject({ initial: 1, remaining: -1, sold: 2 })
    expect(json.orders).toMatchObject({ won: 2, reserved: null, jobs: 2, recorded: 2 })
    expect(of('reserved-is-recorded').verdict).toBe('pass')
  })

  it('sells twice to a user who clicked twice, who is named, and a unit is gone', async () => {
    const { code, json, of, failed, users } = await race(5, ['--users', '1', '--duplicates', '100%'])
    expect(code).toBe(10)
    expect(failed).toEqual(expect.arrayContaining(['conservation', 'one-success-per-user', 'reserved-is-recorded']))
    expect(of('reserved-is-recorded')).toMatchObject({
      message: `sold by more jobs than a user may have orders: ${users[0]}`,
      evidence: { users },
    })
    expect(json.orders).toMatchObject({ won: 1, jobs: 2, recorded: 1, units: { jobs: 2, recorded: 1 } })
    expect(json.stock).toMatchObject({ initial: 5, remaining: 3, sold: 1 })
  })
})

describe('relays', () => {
  const isDeletion = ([name]: readonly string[]) => name === 'XDEL'

  it('killed between queue and stream do the same again: nothing twice, nothing lost', async () => {
    const orders = 40
    const { sale, flags, redis, keys } = await queuedSale(orders + 3)
    await orderAll(redis, keys, orders)
    const held = await heldRedis()
    held.hold(isDeletion)
    const through = on(sale, held.url)
    const [first, second] = [1, 2].map(() => seckillStart(['worker', '--concurrency', '4', ...through]))
    // Both have handed over all orders, and neither has said so in the stream.
    await held.waiting(2)
    await until(async () => (await readOwnQueue(redis, keys)).completed === orders)
    expect(await readOwnQueue(redis, keys)).toMatchObject({ unrelayed: orders, waiting: 0, active: 0 })
    first?.kill('SIGKILL')
    await first?.exited
    // The other relay goes on behind the one that died, and a third one begins anew.
    const third = seckill(['worker', '--until-idle', '--concurrency', '4', ...flags])
    expect((await third).code).toBe(0)
    held.release()
    await until(async () => (await readOwnQueue(redis, keys)).unrelayed === 0)
    second?.kill('SIGINT')
    expect((await second?.exited)?.code).toBe(130)
    await expectAllDecided(redis, keys, orders + 3, orders)
    const { code, json } = await auditOf(flags, '--run', 'none')
    expect([code, json.verdict]).toEqual([0, 'pass'])
    expect(json.orders).toMatchObject({ reserved: orders, jobs: orders, recorded: orders, refused: 0, givenUp: 0 })
  })

  it('all of them killed there, the next worker finds everything', async () => {
    const orders = 25
    const { sale, flags, redis, keys } = await queuedSale(orders)
    await orderAll(redis, keys, orders)
    const held = await heldRedis()
    held.hold(isDeletion)
    const worker = seckillStart(['worker', ...on(sale, held.url)])
    await held.waiting(1)
    worker.kill('SIGKILL')
    await worker.exited
    expect((await readOwnQueue(redis, keys)).unrelayed).toBe(orders)
    expect((await seckill(['worker', '--until-idle', '--concurrency', '4', ...flags])).code).toBe(0)
    await expectAllDecided(redis, keys, orders, orders)
    expect((await auditOf(flags, '--run', 'none')).code).toBe(0)
  })
})
