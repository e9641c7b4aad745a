// Time to read 1,000,000 records of each kind, and the longest command on the server meanwhile: node bench/readers.mjs
import { connectRedis } from '../dist/redis/client.js'
import { startPrivateRedis } from '../dist/redis/private-server.js'
import { parseRedisUrl } from '../dist/redis/url.js'
import { readFinalState } from '../dist/store/snapshot.js'
import { median } from './common.mjs'

const BUYERS = 1_000_000
const CHUNK = 10_000
const RUNS = 3

const record = (type, more = {}) => ({ type, key: 'r', user: null, quantity: null, ...more })

const KINDS = [
  [record('hash', { quantity: 'value' }), (users) => [['HSET', 'r', ...users.flatMap((user) => [user, 1])]]],
  [record('hash-units'), (users) => [['HSET', 'r', ...users.flatMap((user) => [`unit-${user}`, user])]]],
  [record('set'), (users) => [['SADD', 'r', ...users]]],
  [record('zset', { quantity: 'score' }), (users) => [['ZADD', 'r', ...users.flatMap((user) => [1, user])]]],
  [record('list'), (users) => [['RPUSH', 'r', ...users]]],
  [
    record('list', { user: '$.user', quantity: '$.n' }),
    (users) => [['RPUSH', 'r', ...users.map((user) => JSON.stringify({ user, n: 1 }))]],
  ],
  [
    record('stream', { user: 'user', quantity: 'n' }),
    (users) => users.map((user) => ['XADD', 'r', '*', 'user', user, 'n', 1]),
  ],
  [
    record('keys', { key: 'r:{user}', quantity: 'value' }),
    (users) => [['MSET', ...users.flatMap((user) => [`r:${user}`, 1])]],
  ],
]

const server = await startPrivateRedis({ env: process.env })
const client = await connectRedis(parseRedisUrl(server.url))
const call = (...args) => client.redis.call(...args)

/** Milliseconds that half and 99 in 100 of the reading commands took at most: a busy machine stretches the longest one. */
const typical = async () => {
  const [name, , histogram] = (await call('INFO', 'latencystats'))
    .split('\r\n')
    .filter((line) => /(scan|range)/i.test(line))
    .map((line) => /latency_percentiles_usec_(\w+):(p50=([\d.]+),p99=([\d.]+))/.exec(line))
    .map(([, command, , p50, p99]) => [command, p50, `${p50} µs half, ${p99} µs 99 %`])[0]
  return `${name} ${histogram}`
}

try {
  await call('SET', 's', 0)
  for (const [place, commands] of KINDS) {
    for (let from = 0; from < BUYERS; from += CHUNK) {
      const users = Array.from({ length: CHUNK }, (_, i) => `user-${from + i}`)
      await Promise.all(commands(users).map((command) => call(...command)))
    }
    const seconds = []
    await call('CONFIG', 'SET', 'slowlog-log-slower-than', 500)
    await call('CONFIG', 'SET', 'slowlog-max-len', 10_000)
    await call('SLOWLOG', 'RESET')
    await call('CONFIG', 'RESETSTAT')
    const cpu = process.cpuUsage()
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now()
      const places = { stock: { type: 'string-down', key: 's' }, records: [place], fold: [], queues: [] }
      const [source] = (await readFinalState(client.redis, places)).records
      seconds.push((performance.now() - start) / 1_000)
      if (source.users.length !== BUYERS || source.unreadableCount > 0) throw new Error(`read ${source.users.length}`)
    }
    const { user, system } = process.cpuUsage(cpu)
    const slow = await call('SLOWLOG', 'GET', 10_000)
    const longestMs = Math.max(0, ...slow.map(([, , us]) => us)) / 1_000
    const how = place.user === null ? place.type : `${place.type} (${place.user})`
    console.log(
      `${how.padEnd(16)} ${median(seconds).toFixed(2)} s (goal 3), ${((user + system) / RUNS / 1e6).toFixed(2)} s of CPU; longest command ${longestMs.toFixed(1)} ms (goal 5), ${await typical()}`,
    )
    await call('CONFIG', 'SET', 'slowlog-log-slower-than', 10_000_000)
    await call('FLUSHALL', 'SYNC')
    await call('SET', 's', 0)
  }
} finally {
  await client.close()
  await server.stop()
}
