import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { DOCUMENTS, type DocumentName } from '../../src/report/output-schema.js'
import { saleKeys } from '../../src/sale/keys.js'
import { conditionsOf } from '../../src/strategies/breaks.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import { type CliResult, filesLeft, on, runLogs, seckill, seckillStart } from '../helpers/cli.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId } from '../helpers/redis.js'
import { redisAt, untilListening } from './world.js'

const SCHEMA = fileURLToPath(new URL('../../schema/output.schema.json', import.meta.url))
const ajv = new Ajv2020({ allowUnionTypes: true, allErrors: true })
ajv.addSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')), 'output')

/** One line of stdout as the document it claims to be: valid by the shipped schema, without a field that this does not name. */
const documentIn = (line: string, name: DocumentName) => {
  const document = JSON.parse(line)
  const validate = ajv.getSchema(`output#/$defs/${name}`)
  expect(validate?.(document), JSON.stringify(validate?.errors, null, 1)).toBe(true)
  expect(ajv.getSchema('output')?.(document)).toBe(true)
  expect(document).toEqual(DOCUMENTS[name].parse(document))
  return document
}

const documentOf = ({ stdout }: CliResult, name: DocumentName) => {
  expect(stdout).toMatch(/^[^\n]+\n$/)
  return documentIn(stdout, name)
}

const json = async (args: readonly string[], name: DocumentName, code = 0) => {
  const result = await seckill([...args, '--json'])
  expect(result.code, result.stdout + result.stderr).toBe(code)
  return documentOf(result, name)
}

/** Ends a process that a failing test would leave behind. */
const ifAlive = (pid: number): void => {
  try {
    process.kill(pid)
  } catch {
    // It is gone, as it should be.
  }
}

const seeded = async (layout: string, stock: number) => {
  const sale = freshSaleId()
  await json(['init', '--stock', String(stock), '--layout', layout, ...on(sale)], 'init')
  return sale
}

const simulated = (sale: string, strategy: string, ...more: string[]) =>
  json(['simulate', '--strategy', strategy, '--concurrency', '1', '--seed', '7', ...more, ...on(sale)], 'simulate')

describe('--json of a sale', () => {
  it('init, and what it replaced', async () => {
    const sale = freshSaleId()
    const args = ['init', '--stock', '5', '--layout', 'counter', '--ttl', '60', '--limit', '3', ...on(sale)]
    expect(await json(args, 'init')).toMatchObject({
      ...{ sale, layout: 'counter', stock: 5, limit: 3, ttlSeconds: 60, replaced: null },
      keys: { stock: `goods_${sale}`, records: `${sale}_users`, meta: `seckill:{${sale}}:meta` },
    })
    expect(await json(args, 'init')).toMatchObject({ replaced: { stock: 5, records: 0 } })
    expect(await json([...args, '--dry-run'], 'init')).toMatchObject({ dryRun: true })
  })

  it.each(['list', 'list-basic', 'counter'])('status of a %s', async (layout) => {
    const sale = await seeded(layout, 5)
    expect(await json(['status', ...on(sale)], 'status')).toMatchObject({
      ...{ sale, layout, stock: { initial: 5, remaining: 5 }, sold: 0, buyers: 0, ttlSeconds: null, problems: [] },
    })
  })

  it('status of a broken sale', async () => {
    const sale = await seeded('counter', 5)
    const redis = await redisAt()
    await redis.call('SET', `goods_${sale}`, 'abc')
    await redis.call('SET', `${sale}_users`, 'x')
    const { problems, ...status } = await json(['status', ...on(sale)], 'status')
    expect(status).toMatchObject({ stock: { initial: 5, remaining: null }, sold: null, buyers: null })
    expect(problems).toHaveLength(2)
  })

  it('status --watch: a document a line', async () => {
    const sale = await seeded('list', 5)
    const watch = seckillStart(['status', '--watch', '20ms', '--json', ...on(sale)])
    await watch.waitFor(/(.*\n){3}/)
    watch.kill('SIGINT')
    const { code, stdout } = await watch.exited
    expect(code).toBe(130)
    for (const line of stdout.trimEnd().split('\n')) expect(documentIn(line, 'status')).toMatchObject({ sale, sold: 0 })
  })

  it('reset', async () => {
    const sale = await seeded('list', 5)
    const keys = [`goods_${sale}`, `seckill:{${sale}}:meta`]
    expect(await json(['reset', '--dry-run', ...on(sale)], 'reset')).toMatchObject({ removed: keys, dryRun: true })
    expect(await json(['reset', '--yes', ...on(sale)], 'reset')).toMatchObject({ sale, removed: keys })
  })
})

describe('--json of purchases', () => {
  it('buy by a strategy', async () => {
    const sale = await seeded('counter', 5)
    const args = ['buy', '--strategy', 'counter-lua', '--user', 'alice', '--quantity', '2', ...on(sale)]
    expect(await json(args, 'buy')).toMatchObject({
      ...{ user: 'alice', quantity: 2, outcome: 'sold', answer: null, rule: null },
      ...{ before: { remaining: 5, recorded: null }, after: { remaining: 3, recorded: '2' } },
    })
    expect(await json(args, 'buy')).toMatchObject({ outcome: 'already_bought' })
    const queued = ['buy', '--strategy', 'queue', '--user', 'bob', ...on(sale)]
    expect(await json(queued, 'buy')).toMatchObject({
      ...{ outcome: 'queued', order: { ticket: 'order-bob', outcome: 'sold' }, after: { recorded: '1' } },
    })
  })

  it('buy on a server', async () => {
    const sale = await seeded('counter', 5)
    const shop = await rawServer((_, socket) => socket.end(response('"恭喜您，您已抢到。"')))
    const bought = await json(['buy', shop.url, '--user', 'bob', ...on(sale)], 'buy')
    await shop.close()
    expect(bought).toMatchObject({ user: 'bob', outcome: 'sold', answer: '恭喜您，您已抢到。' })
    expect(bought.rule).toContain('sold=text=')
  })

  it('simulate', async () => {
    const sale = await seeded('counter', 5)
    const [runFile, result] = [() => runLogs()[0], await simulated(sale, 'counter-lua', '--users', '20')]
    expect(result).toMatchObject({
      ...{ strategy: 'counter-lua', runFile: runFile(), seed: 7, users: 20, attempts: 20, concurrency: 1 },
      ...{ unitsAcknowledged: 5, statusCodes: {}, unmatched: [], interrupted: false },
    })
    expect(Object.keys(result.latencyMs.byOutcome)).toEqual(Object.keys(result.outcomes))
    expect(result.timeToSellOutMs).toBeGreaterThan(0)
  })

  it('blast, and the answers that no rule knows', async () => {
    const sale = await seeded('counter', 5)
    const shop = await rawServer((_, socket) =>
      socket.write(response('{"code":7}', 'content-type: application/json\r\n')),
    )
    const args = ['blast', `${shop.url}/buy`, '--users', '9', '--concurrency', '3', '--seed', '1', ...on(sale)]
    const result = await json(args, 'blast')
    await shop.close()
    expect(result).toMatchObject({
      ...{ target: `${shop.url}/buy`, seed: 1, users: 9, attempts: 9, concurrency: 3, outcomes: { unknown: 9 } },
      ...{ unitsAcknowledged: 0, statusCodes: { 200: 9 }, timeToSellOutMs: null },
    })
    expect(result.unmatched).toMatchObject([{ count: 9, status: 200, sample: '{"code":7}' }])
  })

  it('--dry-run: the plan, and nothing else', async () => {
    const sale = await seeded('counter', 5)
    const load = ['--users', '9', '--seed', '1', '--dry-run', ...on(sale)]
    const plan = { users: 9, seed: 1, duplicates: 0, quantity: { min: 1, max: 2 } }
    expect(await json(['simulate', '--strategy', 'counter-lua', ...load], 'simulatePlan')).toMatchObject({ sale, plan })
    expect(await json(['blast', `http://127.0.0.1:${await freePort()}/`, ...load], 'blastPlan')).toMatchObject({ plan })
    expect(filesLeft()).toEqual([])
  })
})

describe('--json of audit', () => {
  it('pass', async () => {
    const sale = await seeded('counter', 5)
    const { runId, runFile } = await simulated(sale, 'counter-lua', '--users', '20', '--duplicates', '50%')
    const result = await json(['audit', ...on(sale)], 'audit')
    const runs = [{ runId, file: runFile, command: 'simulate', attempts: 30, complete: true, interrupted: false }]
    expect(result).toMatchObject({
      ...{ verdict: 'pass', sale, runs, acknowledged: 5 },
      ...{ stock: { initial: 5, remaining: 0, sold: 5, lowestSeen: 0 } },
      settled: { settled: true, moving: null },
      // The tests' Redis keeps nothing on disk.
      warnings: [],
      remarks: [expect.stringContaining('keeps nothing on disk')],
    })
    expect(result.rules).toBe(result.invariants.length)
  })

  it('fail, with a hint for every rule that is broken', async () => {
    const sale = await seeded('counter', 1)
    await simulated(sale, 'counter-naive', '--users', '3', '--quantity', '1')
    const { verdict, invariants } = await json(['audit', ...on(sale)], 'audit', 10)
    expect(verdict).toBe('fail')
    const broken = invariants.filter((it: { verdict: string }) => it.verdict === 'fail')
    expect(broken.map(({ id }: { id: string }) => id)).toEqual(['conservation', 'somebody-bought', 'real-time-order'])
    for (const { hint } of broken) expect(hint).not.toBeNull()
  })

  it('inconclusive without a run, judged with --run none', async () => {
    const sale = await seeded('counter', 5)
    expect(await json(['audit', ...on(sale)], 'audit', 4)).toMatchObject({ verdict: 'inconclusive', runs: [] })
    // Nobody bought yet: there is nothing to pass.
    expect((await json(['audit', '--run', 'none', ...on(sale)], 'audit', 4)).tested).toBe(0)
    const redis = await redisAt()
    await redis.decrby(saleKeys(sale).stock, 1)
    await redis.hset(saleKeys(sale).records, 'ann', 1)
    const result = await json(['audit', '--run', 'none', ...on(sale)], 'audit')
    expect(result).toMatchObject({
      verdict: 'pass',
      runs: [],
      acknowledged: 0,
      stock: { lowestSeen: null, samples: 0 },
    })
  })
})

describe('--json of the rest', () => {
  it('race, a violation and none', async () => {
    const args = ['race', '--users', '2', '--stock', '3', '--quantity', '2', '--strategy']
    const { violations, ...found } = await json([...args, 'list-naive'], 'race', 10)
    expect(found).toMatchObject({
      verdict: 'fail',
      exhaustive: false,
      total: null,
      explorer: 'dpor',
      reduction: 'field',
    })
    expect(violations.map(({ invariant }: { invariant: string }) => invariant)).toEqual([
      'no-oversell',
      'conservation',
      'real-time-order',
    ])
    expect(violations[0]).toMatchObject({
      ...{ setting: { users: ['alice', 'bob'], quantities: [2, 2], stock: 3 }, outcomes: ['sold', 'sold'] },
      ...{ preemptions: 1, replay: '11222211' },
    })
    expect(violations[0].steps[6]).toEqual({
      ...{ user: 'alice', buyer: 1, by: 'alice', command: 'LREM goods_a 2 1', reply: '1', stock: 0 },
    })
    expect(await json([...args, 'list-lua', '--no-symmetry'], 'race')).toMatchObject({
      ...{ verdict: 'pass', exhaustive: true, schedules: 2, total: 2, orders: 2, violations: [] },
    })
  })

  it('race of all strategies, out of time', async () => {
    const { strategies } = await json(['race', '--all-strategies', '--budget', '1ms'], 'races', 4)
    expect(strategies).toHaveLength(STRATEGIES.flatMap(conditionsOf).length)
  })

  it('strategies', async () => {
    const { strategies } = await json(['strategies'], 'strategies')
    expect(strategies.map(({ name }: { name: string }) => name)).toEqual(STRATEGIES.map(({ name }) => name))
  })

  it('redis start and stop', async () => {
    const { code, stdout, stderr } = await seckill(['redis', 'start', '--json'])
    expect(code, stdout + stderr).toBe(0)
    onTestFinished(() => ifAlive(JSON.parse(stdout).pid))
    const started = documentIn(stdout, 'redisStart')
    const again = await json(['redis', 'start'], 'redisStart')
    const stopped = await json(['redis', 'stop'], 'redisStop')
    expect(again).toMatchObject({ ...started, alreadyRunning: true })
    expect(stopped).toMatchObject({ stopped: true, pid: started.pid })
    expect(await json(['redis', 'stop'], 'redisStop')).toMatchObject({ stopped: false, pid: null })
  })

  it('serve, once it has ended', async () => {
    const sale = await seeded('list', 5)
    const port = await freePort()
    const server = seckillStart(['serve', '--port', String(port), '--json', ...on(sale)])
    await untilListening(port)
    server.kill('SIGTERM')
    const result = await server.exited
    expect(result.code).toBe(143)
    expect(documentOf(result, 'serve')).toMatchObject({ url: `http://127.0.0.1:${port}`, sale })
  })

  it('demo', { timeout: 90_000 }, async () => {
    const result = await seckill(['demo', '--json'], { timeoutMs: 80_000 })
    expect(result.code, result.stdout + result.stderr).toBe(0)
    const { scenes, report } = documentOf(result, 'demo')
    expect(readFileSync(report as string, 'utf8')).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(scenes.map(({ audit }: { audit: { verdict: string } }) => audit.verdict)).toEqual(['fail', 'pass'])
  })

  it.each([
    [['status', '--bogus'], 'status', 'usage', 2],
    [['frob'], 'frob', 'usage', 2],
    [['audit', '--redis', 'redis://127.0.0.1:1'], 'audit', 'redis_unreachable', 3],
    [['init', '--stock', '0'], 'init', 'usage', 2],
    [['init', '--stock', '1', '--redis', 'redis://192.0.2.1'], 'init', 'remote_refused', 2],
  ])('error of %j', async (args, command, code, exitCode) => {
    expect(await json(args, 'error', exitCode)).toMatchObject({ command, exitCode, error: { code } })
  })

  it('error of a sale without meta', async () => {
    const { error } = await json(['audit', ...on(freshSaleId())], 'error', 2)
    expect(error).toMatchObject({ code: 'meta_missing', message: expect.stringContaining('no meta') })
  })
})
