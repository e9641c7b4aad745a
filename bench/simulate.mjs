// Purchases per second of `seckill simulate` beside redis-benchmark running counter-lua's script: node bench/simulate.mjs
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COUNTER_LUA } from '../dist/strategies/counter-lua.js'
import { inPairs, pinned, report, run, seckill } from './common.mjs'
import { startRedis } from './redis.mjs'

const PAIRS = 3
const STOCK = 10_000_000

const folder = mkdtempSync(join(tmpdir(), 'seckill-bench-'))
const { port, url, cli: redis, untilFreed, stop } = await startRedis(folder)

/** Purchases per second of distinct users on ample stock. */
const simulate = (strategy, users, concurrency) => () => {
  const where = ['--redis', url, '--json', '--quiet']
  run(seckill('init', '--layout', 'counter', '--stock', String(STOCK), ...where), { cwd: folder })
  untilFreed()
  const words = ['--strategy', strategy, '--users', String(users), '--concurrency', String(concurrency)]
  const { attempts, elapsedMs } = JSON.parse(run(pinned(1, seckill('simulate', ...words, ...where)), { cwd: folder }))
  return (attempts * 1_000) / elapsedMs
}

/** The same script, each call a user of its own (of 10^9: few collide), by the C tool. */
const benchmark =
  (calls, ...flags) =>
  () => {
    redis('UNLINK', 'bench_stock', 'bench_users')
    untilFreed()
    redis('SET', 'bench_stock', String(STOCK))
    const sha = redis('SCRIPT', 'LOAD', COUNTER_LUA.lua)
    const script = ['EVALSHA', sha, '2', 'bench_stock', 'bench_users', 'u__rand_int__', '1']
    const words = ['-p', port, '-n', String(calls), '-r', '1000000000', ...flags, '--csv', ...script]
    const csv = run(pinned(1, ['redis-benchmark', ...words]))
    return Number(csv.trim().split('\n').at(-1).split(',')[1].replaceAll('"', ''))
  }

try {
  const batch = inPairs(
    PAIRS,
    simulate('counter-batch', 1_000_000, 2_000),
    benchmark(1_000_000, '-c', '5', '-P', '100'),
  )
  report('simulate --strategy counter-batch ÷ redis-benchmark -c 5 -P 100', 'purchases/s', '1.5', batch)
  const lua = inPairs(PAIRS, simulate('counter-lua', 300_000, 500), benchmark(300_000, '-c', '500', '-P', '1'))
  report('simulate --strategy counter-lua ÷ redis-benchmark -c 500 -P 1', 'purchases/s', '1.3', lua)
} finally {
  stop()
  rmSync(folder, { recursive: true, force: true })
}
