import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { on, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, redisAt } from './world.js'

/** A counter of five, of which six are recorded. */
const oversold = async () => {
  const id = freshSaleId()
  const redis = await redisAt()
  await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(id)])
  await redis.call('HSET', `${id}_users`, 'ann', 2, 'bob', 2, 'eve', 2)
  await redis.call('SET', `goods_${id}`, -1)
  return { id, redis }
}

it('--junit writes the findings to a file', async () => {
  const { id } = await oversold()
  const { code } = await seckill(['audit', '--run', 'none', '--junit', 'audit.xml', ...on(id)])
  expect(code).toBe(10)
  const xml = readFileSync(join(testFolder(), 'audit.xml'), 'utf8')
  expect(xml).toContain('name="no-oversell">\n      <failure message="6 units are recorded')
})

it('--junit into a folder that is not there ends in one line', async () => {
  const { id } = await oversold()
  const result = await seckill(['audit', '--run', 'none', '--json', '--junit', 'no/audit.xml', ...on(id)])
  expect([result.code, JSON.parse(result.stdout).error.message]).toEqual([2, 'cannot write no/audit.xml (ENOENT)'])
})

it('--junit is tried before anything is judged: a folder is refused, a file that goes later hides no verdict', async () => {
  const { id } = await oversold()
  const audited = (path: string, ...flags: string[]) =>
    seckill(['audit', '--run', 'none', '--junit', path, ...flags, ...on(id)])
  expectRefusal(await audited('.', '--orders', 'none.csv'), 2, /cannot write \. \(it is a folder\)/)
  // Its folder goes while the orders are read.
  mkdirSync(join(testFolder(), 'out'))
  const late = await audited('out/audit.xml', '--orders-command', 'rm -r out; echo ann,2', '--json')
  expect([late.code, JSON.parse(late.stdout).verdict]).toEqual([10, 'fail'])
  expect(late.stderr).toContain('warning: cannot write out/audit.xml (ENOENT)')
})

it('--junit is for one verdict: --watch has none', async () => {
  const refused = await seckill(['audit', '--watch', '--junit', 'audit.xml', ...on(freshSaleId())])
  expectRefusal(refused, 2, /--junit is written once a sale is judged, and --watch goes on judging/)
})

it('GitHub Actions gets annotations on stderr and a summary; others get neither', async () => {
  const { id } = await oversold()
  const GITHUB_STEP_SUMMARY = join(testFolder(), 'summary.md')
  const flags = ['audit', '--run', 'none', '--json', ...on(id)]
  expect((await seckill(flags, { env: { GITHUB_STEP_SUMMARY } })).stderr).not.toContain('::error')
  expect(existsSync(GITHUB_STEP_SUMMARY)).toBe(false)
  const { stdout, stderr } = await seckill(flags, { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY } })
  expect(JSON.parse(stdout).verdict).toBe('fail')
  expect(stderr).toContain(`::error title=no-oversell (sale ${id})::6 units are recorded`)
  expect(readFileSync(GITHUB_STEP_SUMMARY, 'utf8')).toContain('| ❌ fail | `no-oversell`')
})

it('--watch tells each change of a live sale once, and a violation as soon as it is there', async () => {
  const id = freshSaleId()
  const redis = await redisAt()
  await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(id)])
  const watch = seckillStart(['audit', '--watch', '50ms', '--run', 'none', ...on(id)])
  await watch.waitFor('5 left, 0 recorded, 0 acknowledged  no violation so far')
  await watch.waitFor('5 left, 0 recorded, 0 acknowledged  at rest: inconclusive')
  await redis.call('HSET', `${id}_users`, 'ann', 2, 'bob', 2, 'eve', 2)
  await watch.waitFor('5 left, 6 recorded, 0 acknowledged  FAIL no-oversell')
  watch.kill('SIGINT')
  const { code, stdout } = await watch.exited
  expect(code).toBe(130)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.slice(10))
  expect(new Set(lines).size).toBe(lines.length)
})

it('--watch with a time that is none is refused', async () => {
  expectRefusal(await seckill(['audit', '--watch', 'soon', ...on(freshSaleId())]), 2, /time such as 500ms/)
})
