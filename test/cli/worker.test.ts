import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { requireRedisServer } from '../../src/redis/find-server.js'
import { freePort } from '../../src/redis/server-process.js'
import { readOwnQueue } from '../../src/store/own-queue.js'
import { until } from '../helpers/back-office.js'
import { on, seckill, seckillStart } from '../helpers/cli.js'
import { expectAllDecided, orderAll, queuedSale } from '../helpers/queued-sale.js'
import { freshSaleId } from '../helpers/redis.js'
import { connect } from '../helpers/strategy.js'
import { WITHOUT_BULLMQ } from '../helpers/without-bullmq.js'

it('decides what waits, says how many, and stops once nothing does', async () => {
  const { redis, keys, flags } = await queuedSale(50)
  await orderAll(redis, keys, 20)
  const result = await seckill(['worker', '--until-idle', '--concurrency', '4', ...flags])
  expect(result).toMatchObject({ code: 0, stdout: '20 queued orders decided: sold 20\n' })
  await expectAllDecided(redis, keys, 50, 20)
  const status = await seckill(['status', ...flags])
  expect(status.stdout).toMatch(/orders +│ 0 waiting, 0 active; 20 decided, 0 failed; 0 workers +│ seckill:\{goods_/)
  const removed = await seckill(['reset', '--yes', '--json', ...flags])
  expect(JSON.parse(removed.stdout).removed).toContain(`${keys.jobs}:*`)
  const scan = await redis.call('SCAN', 0, 'MATCH', `seckill:{${keys.stock}}:*`, 'COUNT', 1_000_000)
  expect(scan).toEqual(['0', []])
})

it('is counted while it works, and ends by Ctrl-C with what it decided', async () => {
  const { redis, keys, flags } = await queuedSale(50)
  const worker = seckillStart(['worker', '--json', ...flags])
  await until(async () => (await readOwnQueue(redis, keys)).workers === 1)
  await orderAll(redis, keys, 3)
  await until(async () => (await readOwnQueue(redis, keys)).completed === 3)
  worker.kill('SIGINT')
  const { code, stdout } = await worker.exited
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ command: 'worker', decided: 3, outcomes: { sold: 3 }, givenUp: 0 })
})

it('refuses a sale of another layout, and none', async () => {
  const sale = freshSaleId()
  expect(await seckill(['worker', ...on(sale)])).toMatchObject({
    code: 2,
    stderr: /no meta for sale.* seckill init --layout counter --stock 50/,
  })
  await seckill(['init', '--stock', '5', ...on(sale)])
  expect(await seckill(['worker', ...on(sale)])).toMatchObject({ code: 2, stderr: /layout list, but orders/ })
})

it('without BullMQ says what to install', async () => {
  const { flags } = await queuedSale(5)
  const result = await seckill(['worker', ...flags], { env: WITHOUT_BULLMQ })
  expect(result).toMatchObject({ code: 2, stderr: /BullMQ, which is not installed; npm install bullmq@6/ })
})

it('killed in the middle of jobs and of its relaying, two others finish: nothing twice, nothing lost', async () => {
  const orders = 1_500
  const { redis, keys, flags } = await queuedSale(orders + 7)
  await orderAll(redis, keys, orders)
  const first = seckillStart(['worker', '--concurrency', '20', ...flags])
  for (;;) {
    await until(async () => (await readOwnQueue(redis, keys)).active > 0)
    first.kill('SIGSTOP')
    const { active, completed } = await readOwnQueue(redis, keys)
    expect(completed).toBeLessThan(orders)
    if (active > 0) break
    first.kill('SIGCONT')
  }
  first.kill('SIGKILL')
  await first.exited
  const others = [1, 2].map(() => seckill(['worker', '--until-idle', '--concurrency', '20', ...flags]))
  for (const { code, stderr } of await Promise.all(others)) expect([code, stderr]).toEqual([0, expect.any(String)])
  await expectAllDecided(redis, keys, orders + 7, orders)
})

it('decides what a server took that was killed behind its script', async () => {
  const { redis, keys, flags } = await queuedSale(150)
  const server = seckillStart(['serve', '--port', '0', '--json', ...flags])
  await server.waitFor('"url"')
  const { url } = JSON.parse(server.stdout())
  const buy = (user: number) =>
    fetch(`${url}/queue`, { method: 'POST', body: new URLSearchParams({ username: `u${user}`, purchase: '1' }) })
  const answers = Promise.allSettled(Array.from({ length: 150 }, (_, user) => buy(user)))
  await until(async () => Number(await redis.call('XLEN', keys.orders)) > 0)
  server.kill('SIGKILL')
  await server.exited
  const told = (await answers).filter(({ status }) => status === 'fulfilled').length
  const claimed = Number(await redis.call('HLEN', keys.claims))
  expect(claimed).toBeGreaterThanOrEqual(told)
  expect((await seckill(['worker', '--until-idle', '--concurrency', '20', ...flags])).code).toBe(0)
  await expectAllDecided(redis, keys, 150, claimed)
})

/** A server that keeps what it was told, and can be started again where it was. */
const keepingRedis = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seckill-aof-'))
  const port = await freePort()
  const args = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'yes', appendfsync: 'always' }
  const start = () =>
    spawn(
      requireRedisServer(process.env).path,
      Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: 'ignore' },
    )
  let server = start()
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill('SIGKILL')
    await exited
  }
  onTestFinished(async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  })
  const again = async () => {
    await kill()
    server = start()
  }
  const url = `redis://127.0.0.1:${port}`
  await until(async () => (await connect(url)).close().then(() => true))
  return { url, again, kill }
}

it('ends by Ctrl-C, too, while Redis is gone, and says what it decided before', async () => {
  const { url, kill } = await keepingRedis()
  const { redis, keys, flags } = await queuedSale(10, url)
  await orderAll(redis, keys, 3)
  const worker = seckillStart(['worker', ...flags])
  await until(async () => (await readOwnQueue(redis, keys)).completed === 3)
  await kill()
  await worker.waitFor('the worker tries again')
  worker.kill('SIGINT')
  expect(await worker.exited).toMatchObject({ code: 130, stdout: '3 queued orders decided: sold 3\n' })
})

it('goes on where Redis was killed and came back with what it had', async () => {
  const orders = 1_000
  const { url, again } = await keepingRedis()
  const { redis, keys, flags } = await queuedSale(orders, url)
  await orderAll(redis, keys, orders)
  const worker = seckillStart(['worker', '--concurrency', '20', ...flags])
  await until(async () => (await readOwnQueue(redis, keys)).completed > 0)
  await again()
  await until(async () => (await readOwnQueue(redis, keys)).completed === orders)
  worker.kill('SIGINT')
  expect((await worker.exited).stderr).toMatch(/the worker tries again/)
  await expectAllDecided(redis, keys, orders, orders)
})
