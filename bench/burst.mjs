// Safe strategies under bursts of 5,000 users with double clicks, mixed quantities and cut connections, 50 seeds each: all
// have to pass. node bench/burst.mjs [runs] [seed]
import { spawnSync } from 'node:child_process'

const [runs = '50', seed = '1'] = process.argv.slice(2)
const words = ['vitest', 'run', '--reporter=dot', 'test/conformance/burst.test.ts']
const { status } = spawnSync('npx', words, { stdio: 'inherit', env: { ...process.env, RUNS: runs, SEED: seed } })
process.exitCode = status ?? 1
