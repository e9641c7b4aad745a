// Time and memory of judging histories, right and wrong ones: node bench/audit-history.mjs [attempts, default 1000000] [sold, default 1 %]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { audit } from '../dist/audit/audit.js'
import { RUN_FORMAT, RUN_VERSION } from '../dist/history/run.js'
import { readRunLog } from '../dist/history/run-log-reader.js'
import { RunLogWriter } from '../dist/history/run-log-writer.js'
import { saleKeys } from '../dist/sale/keys.js'
import { presetPlaces } from '../dist/sale/layout.js'
import { userNamer } from '../dist/sale/usernames.js'

const SEED = 7
const CLIENTS = 1_000
const SPACING_US = 2

/** Attempts of many clients at a shop that serves one after the other, each served somewhere inside its own attempt. */
const write = (path, count, stock, wrong) => {
  const header = {
    ...{
      format: RUN_FORMAT,
      version: RUN_VERSION,
      runId: 'bench',
      command: 'blast',
      startedAt: '2026-11-11T12:00:00.000Z',
    },
    ...{ sale: 'a', saleUuid: 'bench', target: 'bench', seed: SEED, users: { kind: 'random', seed: SEED } },
    ...{ concurrency: CLIENTS, timeoutMs: 10_000, atStart: { remaining: stock, records: 0, users: [] } },
  }
  const log = new RunLogWriter(path, header)
  let left = stock - (wrong ? 1 : 0)
  let previous = { user: -1, outcome: '' }
  for (let row = 0; row < count; row++) {
    // Every twentieth attempt is a double click.
    const twice = row % 20 === 19
    const user = twice ? previous.user : row
    const quantity = left === 1 ? 1 : 1 + (row % 2)
    const bought = twice && ['sold', 'already_bought'].includes(previous.outcome)
    const outcome = bought
      ? 'already_bought'
      : left === 0
        ? 'sold_out'
        : left < quantity
          ? 'insufficient_stock'
          : 'sold'
    if (outcome === 'sold') left -= quantity
    const servedAtUs = (row + CLIENTS) * SPACING_US
    const sentAtUs = servedAtUs - ((row * 7919) % CLIENTS) * SPACING_US
    const doneAtUs = servedAtUs + ((row * 104729) % CLIENTS) * SPACING_US
    const times = { intendedAtUs: sentAtUs, sentAtUs, doneAtUs }
    log.append({ userIndex: user, copy: twice ? 1 : 0, quantity, outcome, status: 200, group: 0, ...times })
    previous = { user, outcome }
  }
  const endedAt = '2026-11-11T12:01:00.000Z'
  log.close({
    endedAt,
    elapsedMs: 60_000,
    interrupted: false,
    attempts: count,
    outcomes: {},
    stock: { lowest: 0, last: 0, samples: 2, intervalMs: 50 },
  })
}

/** In a process of its own: reads the log, judges it, and prints what that took. */
const judge = (path, stock) => {
  const seconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6
  const start = seconds()
  const run = readRunLog(path)
  const read = seconds()
  const nameOf = userNamer(run.header.users)
  const rows = Array.from(run.attempts.outcome.keys()).filter((row) => run.attempts.outcome[row] === 0)
  const quantities = Float64Array.from(rows, (row) => run.attempts.quantity[row])
  const records = {
    key: 'a_users',
    type: 'hash',
    users: rows.map((row) => nameOf(run.attempts.userIndex[row])),
    quantities,
    unreadable: [],
    ...{ distinct: true, unreadableCount: 0 },
  }
  const remaining = stock - quantities.reduce((sum, units) => sum + units, 0)
  const made = seconds()
  const { verdict, invariants } = audit({
    sale: {
      id: 'a',
      uuid: 'bench',
      layout: 'counter',
      places: presetPlaces('counter', saleKeys('a')),
      keys: saleKeys('a'),
      initial: stock,
      perUser: { orders: 1, units: 2 },
      ttlSeconds: null,
    },
    state: { remaining, stockProblem: null, records: [records], recordsProblem: null, ttlSeconds: null },
    ...{ moving: null, nowMs: Date.parse('2026-11-11T12:10:00.000Z'), runs: [run] },
  })
  const judged = seconds()
  const { observed } = invariants.find(({ id }) => id === 'real-time-order')
  const failed = invariants.filter((each) => each.verdict === 'fail').map(({ id }) => id)
  const cpu = { read: read - start, judge: judged - made }
  console.log(JSON.stringify({ verdict, failed, observed, cpu, megabytes: process.resourceUsage().maxRSS / 1_024 }))
}

const [, self, ...given] = process.argv
if (given[0] === 'judge') judge(given[1], Number(given[2]))
else {
  const count = Number(given[0] ?? 1_000_000)
  const stock = Number(given[1] ?? count / 100)
  const goal = count > 1_000_000 ? '12 s, 1024 MB' : '1 s, 250 MB'
  const folder = mkdtempSync(join(tmpdir(), 'seckill-bench-'))
  try {
    for (const wrong of [false, true]) {
      const path = join(folder, `${wrong}.run`)
      write(path, count, stock, wrong)
      const { stdout, stderr } = spawnSync('node', [fileURLToPath(`file://${self}`), 'judge', path, String(stock)], {
        encoding: 'utf8',
      })
      if (stdout === '') throw new Error(stderr)
      const { verdict, failed, observed, cpu, megabytes } = JSON.parse(stdout)
      const kind = wrong ? 'wrong (a unit kept back)' : 'right'
      console.log(
        `${count} attempts, ${stock} units, ${kind}: ${verdict} ${failed.join(' ')} ${observed ?? ''}\n  CPU ${cpu.read.toFixed(2)} s to read, ${cpu.judge.toFixed(2)} s to judge; ${megabytes.toFixed(0)} MB (goal ${goal} in all)`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
