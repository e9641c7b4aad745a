import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commands } from '../../src/cli/commands/index.js'
import { RunLogWriter } from '../../src/history/run-log-writer.js'
import { isListening } from '../../src/load/probe-target.js'
import { freePort } from '../../src/redis/server-process.js'
import { DOCUMENTS, type DocumentName } from '../../src/report/output-schema.js'
import { saleKeys } from '../../src/sale/keys.js'
import { on, seckill, shell, testFolder } from '../helpers/cli.js'
import { pathOf } from '../helpers/docs.js'
import { runOf } from '../helpers/history.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId } from '../helpers/redis.js'
import { redisAt, stopFolderRedisAfter } from './world.js'

/**
 * Every way of every command; what it says it would do, or what it prints anyhow where it only reads; and the name of the
 * document that `--json` prints.
 */
const CALLS: readonly (readonly [string, RegExp, DocumentName])[] = [
  ['demo', /^would start a private Redis .*counter-naive.*counter-lua/, 'demo'],
  ['serve --port 0', /^would listen on http:\/\/127\.0\.0\.1:0 .*list-naive/, 'serve'],
  ['proxy --listen 0', /^would listen on 127\.0\.0\.1:0 for redis/, 'proxy'],
  ['serve --port 0 --workers 2', /^would listen on .* 2 processes/, 'serve'],
  ['init --stock 7 --layout counter', /^would write 7 units .*, in place of 49 units and 1 records/, 'init'],
  ['status', /49 of 50 left/, 'status'],
  ['reset --yes', /^would remove goods_/, 'reset'],
  ['buy --strategy counter-lua --user bob', /^would buy 1 for bob by strategy counter-lua on redis/, 'buyPlan'],
  ['buy SHOP --quantity 2', /^would buy 2 for u\w{8} at http:/, 'buyPlan'],
  ['buy SHOP --start :>started', /^would start: :>started\nwould buy 1 for u/, 'buyPlan'],
  ['simulate --strategy counter-lua', /^would make 1,000 users buy by counter-lua/, 'simulatePlan'],
  ['simulate --strategy list-lua --stock 7', /^would write 7 units .*\nwould make 1,000 users buy by/, 'simulatePlan'],
  ['blast SHOP', /^would fire 1,000 users at http:/, 'blastPlan'],
  ['blast SHOP --start :>started', /^would start: :>started\nwould fire 1,000 users at http:/, 'blastPlan'],
  ['run SHOP --stock 7', /^would run t-\w+: seed, blast, audit$/m, 'runPlan'],
  ['audit --run none', /^pass /m, 'audit'],
  [
    'race --strategy list-naive',
    /^would explore list-naive in 9 settings, on the Redis that --redis names/,
    'racePlan',
  ],
  ['race --all-strategies', /^would explore every strategy in 20 settings/, 'racePlan'],
  ['report RUN', /│ all +│ +1 │/, 'report'],
  ['report RUN --format csv --out run.csv', /^would write 1 attempts as csv to run\.csv/, 'report'],
  ['redis start', /^would start a Redis of this folder on a free port/, 'redisPlan'],
  ['redis start --port 6390', /^would start a Redis of this folder on port 6390/, 'redisPlan'],
  ['redis stop', /^there is none to stop/, 'redisPlan'],
  ['strategies', /counter-lua/, 'strategies'],
  ['doctor', /^Redis\n {2}ok {4}connection/, 'doctor'],
  ['worker', /^would decide orders of sale t-\w+ on redis /, 'workerPlan'],
  ['import PLAN', /^# yaml-language-server/, 'import'],
  ['completion bash', /^# bash completion/, 'completion'],
]

const READERS = ['status', 'audit', 'strategies', 'report', 'doctor', 'completion']

it('every command is tried here', () => {
  const tried = new Set(CALLS.map(([call]) => call.split(' ')[0]))
  expect([...tried].sort()).toEqual(commands.map(({ name }) => name).sort())
})

/** A sale of 50 of which one is sold, a shop that counts its customers, and how to see that nothing happened to either. */
const world = async () => {
  const sale = freshSaleId()
  await seckill(['init', '--stock', '50', '--layout', 'counter', ...on(sale)])
  const redis = await redisAt()
  const { stock, records, meta, lock } = saleKeys(sale)
  await redis.decrby(stock, 1)
  await redis.hset(records, 'ann', 1)
  const look = () => Promise.all([stock, records, meta, lock].map((key) => redis.call('DUMP', key)))
  const before = await look()
  const shop = await rawServer((_, socket) => socket.end(response('"恭喜您，您已抢到。"')))
  onTestFinished(shop.close)
  const untouched = async () => {
    expect(await look()).toEqual(before)
    expect(shop.connections()).toBe(0)
    expect(readdirSync(testFolder())).toEqual([])
  }
  return { sale, shop: `${shop.url}/seckill`, run: aRun(), untouched }
}

/** A log of one attempt, elsewhere than in the test's folder. */
const aRun = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'seckill-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { header, attempts } = runOf([['ann', 'sold']])
  const log = new RunLogWriter(join(folder, 'one.run'), header)
  const times = { intendedAtUs: 0, sentAtUs: attempts.sentAtUs(0), doneAtUs: attempts.doneAtUs(0), connectUs: 0 }
  log.append({ userIndex: 0, copy: 0, quantity: 1, outcome: 'sold', status: 200, group: 0, ...times })
  log.close({ endedAt: header.startedAt, elapsedMs: 1, interrupted: false, attempts: 1, outcomes: {}, stock: null })
  return log.path
}

describe('--dry-run says what would be done, and does nothing', () => {
  it.each(CALLS)('%s', async (call, says, name) => {
    const { sale, shop, run, untouched } = await world()
    const args = [
      ...call
        .replace('SHOP', shop)
        .replace('RUN', run)
        .replace('PLAN', pathOf('test/fixtures/plans/document.jmx'))
        .split(' '),
      '--dry-run',
      ...on(sale),
    ]
    const { code, stdout, stderr } = await seckill(args)
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(says)
    const document = JSON.parse((await seckill([...args, '--json'])).stdout)
    expect(document).toEqual(DOCUMENTS[name].parse(document))
    const reads = READERS.includes(document.command) && !call.includes('--out')
    expect(document.dryRun).toBe(reads ? undefined : true)
    await untouched()
  })

  it.each([
    ['simulate', '--strategy', 'counter-lua', '--stock', '10', '--dry-run'],
    ['init', '--stock', '10', '--dry-run'],
  ])('%s without a sale leaves none', async (...args) => {
    const sale = freshSaleId()
    const { code, stdout } = await seckill([...args, ...on(sale)])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^would write 10 units/)
    const redis = await redisAt()
    expect(await redis.call('EXISTS', ...Object.values(saleKeys(sale)))).toBe(0)
    expect(readdirSync(testFolder())).toEqual([])
  })

  it.each([
    ['buy', '--strategy', 'list-lua'],
    ['simulate', '--strategy', 'list-lua'],
    ['buy', '--strategy', 'magic'],
    ['serve', '--strategy', 'magic'],
    ['redis', 'restart'],
  ])('%s %s %s is refused as without it', async (...args) => {
    const { sale, untouched } = await world()
    const [real, dry] = [await seckill([...args, ...on(sale)]), await seckill([...args, '--dry-run', ...on(sale)])]
    expect(dry.code).toBe(2)
    expect(dry).toEqual(real)
    await untouched()
  })

  it('redis of this folder: neither a second start nor a stop', async () => {
    const port = await freePort()
    const script = `seckill redis start --port ${port} && seckill redis start --dry-run && seckill redis stop --dry-run`
    stopFolderRedisAfter()
    const { code, stdout } = await shell(script)
    expect(code).toBe(0)
    const url = `redis://127.0.0.1:${port}`
    expect(stdout.split('\n').slice(1)).toEqual([`already running: ${url}`, `would stop ${url}`, ''])
    expect(await isListening(`http://127.0.0.1:${port}`)).toBe(true)
  })
})
