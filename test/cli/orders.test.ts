import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { on, seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, redisAt } from './world.js'

/** A counter of five with two buyers of one unit each. */
const soldTwo = async () => {
  const id = freshSaleId()
  const redis = await redisAt()
  await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(id)])
  await redis.call('HSET', `${id}_users`, 'ann', 1, 'bob', 1)
  await redis.call('DECRBY', `goods_${id}`, 2)
  return id
}

const audited = async (id: string, ...flags: string[]) =>
  seckill(['audit', '--run', 'none', '--json', ...flags, ...on(id)], { env: { SHOP_PASSWORD: 'geheim' } })

it('a ragged row of orders is named by its line, and nothing is judged', async () => {
  const id = await soldTwo()
  writeFileSync(join(testFolder(), 'orders.csv'), 'user,qty\nann,1\nbob,1,x\n')
  const { code, stdout } = await audited(id, '--orders', 'orders.csv')
  expect(code).toBe(2)
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'orders',
    message: 'orders.csv:3: 3 columns, where the first line has 2',
  })
})

it('orders that are not there, or no file, are refused in one line', async () => {
  const id = await soldTwo()
  const at = (file: string) => seckill(['audit', '--run', 'none', '--orders', file, ...on(id)])
  expectRefusal(await at('none.csv'), 2, /^error: cannot read the orders in none\.csv: there is no such file; check/)
  expectRefusal(await at('.'), 2, /it is a folder/)
})

it('a command that fails is told with what it said, its secrets masked', async () => {
  const id = await soldTwo()
  const failing = 'echo "FATAL: postgres://shop:geheim@db/x refused" >&2; PGPASSWORD=geheim sh -c "exit 3"'
  const { code, stdout } = await audited(id, '--orders-command', failing)
  const { error } = JSON.parse(stdout)
  expect(code).toBe(2)
  expect(error.message).toBe('the orders command ended with exit code 3: FATAL: postgres://shop:***@db/x refused')
  expect(stdout).not.toContain('geheim')
})

it('a command that prints orders is one more place of records, whatever it prints to stderr', async () => {
  const id = await soldTwo()
  const said = 'echo hello >&2; TOKEN=geheim; printf "ann,1\\nbob,1\\n"'
  const agreed = await audited(id, '--orders-command', said)
  expect([agreed.code, JSON.parse(agreed.stdout).verdict]).toEqual([0, 'pass'])
  const { code, stdout } = await audited(id, '--orders-command', 'TOKEN=geheim; printf "ann,1\\n"')
  expect(code).toBe(10)
  const conservation = JSON.parse(stdout).invariants.find(({ id }: { id: string }) => id === 'conservation')
  expect(conservation.message).toContain('TOKEN=***; printf "ann,1')
  expect(stdout).not.toContain('geheim')
})

it('a command that prints nothing, and an empty file, tell nothing', async () => {
  const id = await soldTwo()
  writeFileSync(join(testFolder(), 'empty.csv'), '')
  for (const flags of [
    ['--orders-command', 'true'],
    ['--orders', 'empty.csv'],
  ]) {
    const { code, stdout } = await audited(id, ...flags)
    const { verdict, warnings } = JSON.parse(stdout)
    expect([code, verdict]).toEqual([4, 'inconclusive'])
    expect(warnings).toContainEqual(`${flags[1]} gave not a line, not even a header: are there no orders?`)
  }
})
