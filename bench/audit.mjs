// Time and memory of `seckill audit` on a sale with 1,000,000 buyers: node bench/audit.mjs
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPrivateRedis } from '../dist/index.js'
import { bin, run, seckill } from './common.mjs'

const BUYERS = 1_000_000
const RUNS = 3

const folder = mkdtempSync(join(tmpdir(), 'seckill-bench-'))
const redis = await startPrivateRedis({ env: process.env, tcpPort: true })
const cli = (...words) => run(['redis-cli', '-p', String(redis.port), ...words]).trim()
try {
  const where = ['--redis', redis.url, '--quiet', '--json']
  const words = ['--strategy', 'counter-batch', '--quantity', '1', '--concurrency', '1000']
  run(seckill('simulate', ...words, '--stock', String(BUYERS), '--users', String(BUYERS), ...where), { cwd: folder })
  // Longest command on the server while the audit reads: from the slow log, in µs.
  cli('CONFIG', 'SET', 'slowlog-log-slower-than', '1000')
  for (let i = 0; i < RUNS; i++) {
    cli('SLOWLOG', 'RESET')
    const start = performance.now()
    // The exit hook prints the process's own peak memory.
    const peak = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS))`
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(peak)}`]
    const { stdout, stderr } = spawnSync('node', [...flags, bin, 'audit', ...where], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1e9,
    })
    const seconds = (performance.now() - start) / 1_000
    const { verdict, stock } = JSON.parse(stdout)
    const slow = cli('SLOWLOG', 'LEN')
    const megabytes = Number(/peak (\d+)/.exec(stderr)[1]) / 1_024
    console.log(
      `audit of ${stock.sold} buyers: ${verdict}, ${seconds.toFixed(2)} s (goal 5), ${megabytes.toFixed(0)} MB (goal 400), ${slow} commands over 1 ms on the server`,
    )
  }
} finally {
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
}
