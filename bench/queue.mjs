// Orders behind a queue: how fast they are accepted beside counter-lua on the same server, how fast they are decided beside a
// bare relay and worker of BullMQ, and how long a buyer waits for the decision: node bench/queue.mjs [accept decide wait]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inPairs, pinned, report, run, seckill } from './common.mjs'
import { freePort, startRedis } from './redis.mjs'

const PAIRS = 5
const USERS = 20_000
const CONCURRENCY = 500
const WORKER_CONCURRENCY = 50
const BARE = fileURLToPath(new URL('bare-bullmq.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'seckill-bench-'))
const redis = await startRedis(folder)
const world = ['--redis', redis.url, '--quiet', '--json']
const children = []

const start = (core, command, ready) =>
  new Promise((resolve) => {
    const [program, ...args] = pinned(core, command)
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    children.push(child)
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => ready.test(String(text)) && resolve(child))
  })

const init = () =>
  run(seckill('init', '--layout', 'counter', '--stock', String(USERS), '--force', ...world), {
    cwd: folder,
  })

const port = String(await freePort())
const url = `http://127.0.0.1:${port}`

/** Everybody buys one of as many units as there are buyers. */
const blast = (path, ...flags) => {
  const load = ['--users', String(USERS), '--concurrency', String(CONCURRENCY), '--quantity', '1']
  return JSON.parse(run(pinned(1, seckill('blast', `${url}${path}`, ...load, ...flags, ...world)), { cwd: folder }))
}

const accepted = (path) => () => {
  init()
  const { attempts, elapsedMs } = blast(path)
  return (attempts * 1_000) / elapsedMs
}

/** From the moment at which the first job was added to that at which the last was completed, as BullMQ wrote them down. */
const decided = (key) => {
  const at = (place) => redis.cli('ZRANGE', `${key}:completed`, place, place, 'WITHSCORES').split('\n')
  const jobs = Number(redis.cli('ZCARD', `${key}:completed`))
  if (jobs !== USERS) throw new Error(`${jobs} of ${USERS} jobs were completed`)
  const [first] = at('0')
  const [, lastMs] = at('-1')
  return (jobs * 1_000) / (Number(lastMs) - Number(redis.cli('HGET', `${key}:${first}`, 'timestamp')))
}

const MEASURES = {
  accept: () =>
    report(
      'POST /queue ÷ POST /buy/counter-lua, one server',
      'accepted purchases/s',
      '0.8',
      inPairs(PAIRS, accepted('/queue'), accepted('/buy/counter-lua')),
    ),
  decide: () => {
    const ours = () => {
      init()
      blast('/queue')
      run(pinned(1, seckill('worker', '--concurrency', String(WORKER_CONCURRENCY), '--until-idle', ...world)), {
        cwd: folder,
      })
      return decided('seckill:{goods_a}:queue:orders')
    }
    const bare = () => {
      const prefix = 'bench'
      run([
        'sh',
        '-c',
        `redis-cli -p ${redis.port} --scan --pattern '${prefix}:*' | xargs -r redis-cli -p ${redis.port} unlink`,
      ])
      run(pinned(1, ['node', BARE, redis.url, prefix, String(USERS), String(WORKER_CONCURRENCY)]))
      return decided(`${prefix}:orders`)
    }
    return report(
      `seckill worker ÷ bare BullMQ 6, ${WORKER_CONCURRENCY} at a time, orders added by the same process meanwhile`,
      'decided orders/s',
      '0.8',
      inPairs(PAIRS, ours, bare),
    )
  },
  wait: async () => {
    init()
    const worker = await start(
      0,
      seckill('worker', '--concurrency', String(WORKER_CONCURRENCY), '--redis', redis.url),
      /deciding/,
    )
    const { followed } = blast('/queue', '--poll', 'GET /orders/{{ticket}}')
    worker.kill('SIGINT')
    const { queued, undecided, polls, decisionMs } = followed
    const figures = ['p50', 'p99', 'max'].map((name) => `${name} ${decisionMs[name].toFixed(0)} ms`)
    console.log(
      `time to decision, ${USERS} users at concurrency ${CONCURRENCY}, one worker: ${figures.join(', ')}; ${queued} queued, ${undecided} undecided, ${polls} polls`,
    )
  },
}

try {
  await start(0, seckill('serve', '--port', port, '--redis', redis.url), /listening|http:/)
  const wishes = process.argv.slice(2)
  for (const name of wishes.length > 0 ? wishes : Object.keys(MEASURES)) await MEASURES[name]()
} finally {
  for (const child of children) child.kill()
  redis.stop()
  rmSync(folder, { recursive: true, force: true })
}
