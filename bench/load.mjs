// What an attempt of `seckill blast` costs beside other tools, what ten million of them hold in memory, how exact rates and
// bursts are: node bench/load.mjs [cpu] [workers] [memory] [open] [burst] [delay] [freeze]; all without an argument.
import { execFile, execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { median, pinned } from './common.mjs'
import { peers } from './load-peers.mjs'
import { burst, delay, freeze, open } from './load-precision.mjs'
import { blastCommand } from './load-run.mjs'
import { startTarget } from './load-target.mjs'

/** Noise only ever adds: beside the median of the rounds stands what the best of each tool come to. */
const ROUNDS = 5

/** Runs a command on core 1: what it printed, and its CPU time in µs, start and end included. */
const timed = (command) => {
  const quoted = pinned(1, command).map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const script = `${quoted.join(' ')} 2>/dev/null; echo; times`
  const lines = execFileSync('sh', ['-c', script], { encoding: 'utf8', maxBuffer: 1e8 }).trimEnd().split('\n')
  // The second line of times is what the children took.
  const spent = [...lines.pop().matchAll(/(\d+)m([\d.]+)s/g)]
  lines.pop()
  return { output: lines.join('\n'), cpuUs: spent.reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0) * 1e6 }
}

const cpu = ({ url, name: target }) => {
  const tools = peers(url)
  const costs = new Map(tools.map(({ name }) => [name, []]))
  const startUps = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, command, startUp, requests } of tools) {
      // Loading a Node program is no part of what a request costs; it is told apart.
      const before = startUp ? timed(startUp) : { cpuUs: 0, output: null }
      const { output, cpuUs } = timed(command)
      const made = requests(output) - (startUp ? requests(before.output) : 0)
      costs.get(name).push((cpuUs - before.cpuUs) / made)
      if (name === 'seckill') startUps.push(before.cpuUs / 1_000)
    }
  }
  console.log(`CPU per POST over 500 connections, target in ${target}, one core each, in turn, ${ROUNDS} rounds:`)
  console.log(`  seckill's start, with its first 1,000 requests, apart: ${median(startUps).toFixed(0)} ms`)
  const ours = costs.get('seckill')
  for (const [name, theirs] of costs) {
    const ratio = median(theirs.map((cost, round) => ours[round] / cost))
    const best = Math.min(...ours) / Math.min(...theirs)
    const rounds = theirs.map((cost) => cost.toFixed(1)).join(' · ')
    console.log(
      `  ${name.padEnd(22)} ${rounds} µs   seckill ÷ it ${ratio.toFixed(2)} (best ${best.toFixed(2)}), its requests per CPU second ${(1 / ratio).toFixed(1)} × (best ${(1 / best).toFixed(1)} ×)`,
    )
  }
}

const workers = ({ url }) => {
  const run = (users, count) => {
    const { output, cpuUs } = timed(blastCommand(url, '--users', users, '--concurrency', 500, '--workers', count))
    return { cpuUs, made: JSON.parse(output).attempts }
  }
  const costOf = ({ start, all }) => (all.cpuUs - start.cpuUs) / (all.made - start.made)
  const threads = []
  const ratios = Array.from({ length: ROUNDS }, () => {
    const [first, second] = [1, 2].map((count) => ({ start: run(1_000, count), all: run(400_000, count) }))
    threads.push((second.start.cpuUs - first.start.cpuUs) / 1_000)
    return costOf(second) / costOf(first)
  })
  const rounds = ratios.map((ratio) => ratio.toFixed(2)).join(' · ')
  console.log(
    `two workers ÷ one, CPU per request, their start apart: ${rounds}; median ${median(ratios).toFixed(2)} (goal 1.1)`,
  )
  console.log(
    `  the start of two threads, with the first 1,000 requests: ${median(threads).toFixed(0)} ms more than none`,
  )
}

const memory = async ({ url }) => {
  const [program, ...args] = blastCommand(url, '--users', 10_000_000, '--concurrency', 500)
  const child = execFile(program, args, { maxBuffer: 1e8 })
  let most = 0
  const watch = setInterval(() => {
    const [, kilobytes = 0] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    most = Math.max(most, Number(kilobytes))
  }, 200)
  await new Promise((resolve) => child.once('exit', resolve))
  clearInterval(watch)
  console.log(`10,000,000 attempts: at most ${(most / 1_024).toFixed(0)} MB resident, run log included (goal 250)`)
}

const PARTS = { cpu, workers, memory, open, burst, delay, freeze }
const wanted = process.argv.slice(2)
const target = await startTarget()
try {
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.length === 0 || wanted.includes(name)) await part(target)
  }
} finally {
  target.stop()
}
