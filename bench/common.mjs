import { execFileSync, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../bin/seckill.js', import.meta.url))

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** Server and generator get a core each where the system can pin them: what is compared then is what one core does. */
export const pinned = (core, command) =>
  has('taskset') && availableParallelism() > 1 ? ['taskset', '-c', String(core), ...command] : command

/** Runs a command to its end; its stdout. Throws where it fails. */
export const run = ([program, ...args], options = {}) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], ...options })

export const seckill = (...args) => ['node', bin, ...args]

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Runs two measurements in turn, so that a machine that drifts drifts for both; the ratios first ÷ second, pair by pair. */
export const inPairs = (pairs, first, second) => {
  const rows = []
  for (let i = 0; i < pairs; i++) {
    const a = first()
    const b = second()
    rows.push({ a, b, ratio: a / b })
  }
  return rows
}

export const report = (title, unit, goal, rows) => {
  const ratio = median(rows.map((row) => row.ratio))
  const figures = rows.map(({ a, b, ratio: r }) => `${Math.round(a)} / ${Math.round(b)} = ${r.toFixed(2)}`)
  console.log(
    `${title}\n  ${unit}, pair by pair: ${figures.join(' · ')}\n  median ratio ${ratio.toFixed(2)} (goal ${goal})`,
  )
  return ratio
}
