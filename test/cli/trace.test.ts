import { expect, it } from 'vitest'
import { DOCUMENTS } from '../../src/report/output-schema.js'
import { type CliResult, on, seckill } from '../helpers/cli.js'
import { foreignShops, oddShop } from '../helpers/foreign-shops.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, ownRedis } from './world.js'

const URL = 'http://127.0.0.1:{port}/seckill'

/** The fixtures sell from `goods_a`: a server of their own. */
const bought = async (...args: string[]): Promise<CliResult> => {
  const { url } = await ownRedis()
  await seckill(['init', '--stock', '5', '--layout', 'counter', '--redis', url])
  return seckill(['buy', ...args, '--user', 'ann', '--redis', url])
}

/** Cells of the table, a row each. */
const rows = ({ stdout }: CliResult) =>
  stdout
    .split('\n')
    .filter((line) => /^│ +\d/.test(line))
    .map((line) => line.split('│').map((cell) => cell.trim()))

it('the commands of a purchase at a server that is started for it', async () => {
  const express = foreignShops()
    .find(({ name }) => name.startsWith('Express'))
    ?.command('watch') as string
  const result = await bought(URL, '--start', express, '--trace', '--outcome', 'sold=json:$.result=sold')
  expect(result.code, result.stderr).toBe(0)
  expect(rows(result).map(([, , connection, command, reply]) => [connection, command, reply])).toEqual([
    ['1', 'WATCH goods_a a_users', 'OK'],
    ['1', 'HEXISTS a_users ann', '0'],
    ['1', 'GET goods_a', '5'],
    ['1', 'MULTI', 'OK'],
    ['1', 'DECRBY goods_a 1', 'QUEUED'],
    ['1', 'HSET a_users ann 1', 'QUEUED'],
    ['1', 'EXEC {DECRBY goods_a 1; HSET a_users ann 1}', '[4, 1]'],
  ])
})

it('--json: in the document, with times since the purchase was sent', async () => {
  const { code, stdout } = await bought('--strategy', 'counter-naive', '--trace', '--json')
  const document = JSON.parse(stdout)
  expect(document).toEqual(DOCUMENTS.buy.parse(document))
  const steps = document.trace.filter(({ kind }: { kind: string }) => kind === 'step')
  expect(steps).toMatchObject([
    { command: 'HGET a_users ann', reply: '(nil)' },
    { command: 'GET goods_a', reply: '5' },
    { command: 'DECRBY goods_a 1', reply: '4' },
    { command: 'HSET a_users ann 1', reply: '1' },
  ])
  const times = steps.map(({ sentAtMs }: { sentAtMs: number }) => sentAtMs)
  expect(times).toEqual(times.toSorted((a: number, b: number) => a - b))
  expect(times[0]).toBeGreaterThan(0)
  expect(code).toBe(0)
})

it('a server that never talks to Redis: says so, and what named it', async () => {
  const { stdout } = await bought(URL, '--start', oddShop('deaf'), '--trace')
  expect(stdout).toMatch(/^no Redis command came .* was told of its Redis by REDIS_URL, REDIS_HOST and REDIS_PORT$/m)
})

it('a server may be told of the proxy by {redisPort}', async () => {
  const command = `REDIS_URL=redis://127.0.0.1:{redisPort} ${oddShop('busy').replace('busy', 'parallel')}`
  const result = await bought(URL, '--start', command, '--trace')
  expect(rows(result).map(([, , , text]) => text)).toContain('DECRBY goods_a 1')
})

it('without --start it is refused before anything is bought', async () => {
  const { url, stop } = await startPrivateRedis()
  const buy = (...args: string[]) => seckill(['buy', ...args, '--trace', ...on(freshSaleId(), url)])
  expectRefusal(await buy('http://127.0.0.1:1/'), 2, /a server that runs already talks past it; add --start/)
  await stop()
})
