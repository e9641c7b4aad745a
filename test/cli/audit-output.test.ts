import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { on, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, ownRedis, redisAt } from './world.js'

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
  expect(stderr).toContain(`::error title=no-oversell (audit of sale ${id})::6 units are recorded`)
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

describe('--watch looks at all that the audit looks at', () => {
  const watching = async (...flags: string[]) => {
    const id = freshSaleId()
    const { url, redis } = await ownRedis()
    await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(id, url)])
    const start = () => seckillStart(['audit', '--watch', '50ms', ...flags, ...on(id, url)])
    return { id, url, redis, start }
  }

  it('orders outside Redis, as often as every 5 s', async () => {
    const { id, redis, start } = await watching('--run', 'none', '--orders-command', 'echo x >> asked; cat orders')
    await redis.call('HSET', `${id}_users`, 'ann', 1)
    await redis.call('DECRBY', `goods_${id}`, 1)
    writeFileSync(join(testFolder(), 'orders'), 'ann,1\n')
    const watch = start()
    await watch.waitFor('at rest: pass')
    writeFileSync(join(testFolder(), 'orders'), 'ann,1\nbob,1\n')
    await watch.waitFor('FAIL conservation')
    expect(readFileSync(join(testFolder(), 'asked'), 'utf8')).toBe('x\nx\n')
  })

  it('orders that cannot be read end it', async () => {
    const { start } = await watching('--run', 'none', '--orders', 'none.csv')
    expectRefusal(await start().exited, 2, /cannot read the orders in none\.csv/)
  })

  it('gaps in the runs, with one warning', async () => {
    const { start } = await watching()
    mkdirSync(join(testFolder(), '.seckill', 'runs'), { recursive: true })
    writeFileSync(join(testFolder(), '.seckill', 'runs', 'broken.run'), 'x')
    const watch = start()
    await watch.waitFor('at rest: inconclusive: a run log cannot be read')
    watch.kill('SIGINT')
    const { stderr } = await watch.exited
    expect(stderr.match(/broken\.run is not a run log/g)).toHaveLength(1)
  })

  it('the server: warnings once, and a new one is no witness', async () => {
    const { id, redis, start } = await watching('--json')
    await redis.call('CONFIG', 'SET', 'maxmemory', '100mb')
    await redis.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    const watch = start()
    await watch.waitFor(/"still":true.*Redis may evict keys of the sale/)
    await redis.call('HSET', `${id}_users`, 'ann', 1)
    await watch.waitFor('"recorded":1')
    watch.kill('SIGINT')
    const { stderr } = await watch.exited
    expect(stderr.match(/^warning: Redis may evict keys/gm)).toHaveLength(1)
  })

  it('a lifetime that runs out, said once', async () => {
    const { id, redis, start } = await watching('--run', 'none', '--json')
    await redis.call('EXPIRE', `goods_${id}`, 3_600)
    const watch = start()
    await watch.waitFor('"still":true')
    await redis.call('EXPIRE', `goods_${id}`, 3_000)
    await redis.call('HSET', `${id}_users`, 'ann', 1)
    await watch.waitFor('"recorded":1')
    watch.kill('SIGINT')
    const { stdout, stderr } = await watch.exited
    expect(stderr.match(/expires in/g)).toHaveLength(1)
    expect(new Set(stdout.match(/expires in \d+ s/g)).size).toBe(1)
  })

  it('a restart of Redis since the run', async () => {
    const { id, url, start } = await watching('--json')
    await seckill(['simulate', '--strategy', 'counter-lua', '--users', '9', '--out', 'x.run', ...on(id, url)])
    const log = join(testFolder(), 'x.run')
    const header = /"runId":"[0-9a-f]{40}"/
    writeFileSync(log, readFileSync(log, 'latin1').replace(header, `"runId":"${'0'.repeat(40)}"`), 'latin1')
    mkdirSync(join(testFolder(), '.seckill', 'runs'), { recursive: true })
    cpSync(log, join(testFolder(), '.seckill', 'runs', 'x.run'))
    const watch = start()
    await watch.waitFor(/"lost":"Redis was restarted or failed over/)
  })
})

it('--watch with a time that is none is refused', async () => {
  expectRefusal(await seckill(['audit', '--watch', 'soon', ...on(freshSaleId())]), 2, /time such as 500ms/)
})
