// Start-up time of `seckill --help` beside an empty Node: node bench/help.mjs
import { bin, inPairs, pinned, report, run } from './common.mjs'

const RUNS = 21

const milliseconds = (command) => () => {
  const start = performance.now()
  run(pinned(1, command))
  return performance.now() - start
}

milliseconds(['node', bin, '--help'])()
report(
  'seckill --help ÷ node -e 0',
  'ms',
  'at most 1.7, aim 1.5',
  inPairs(RUNS, milliseconds(['node', bin, '--help']), milliseconds(['node', '-e', '0'])),
)
