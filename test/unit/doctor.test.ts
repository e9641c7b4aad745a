import { describe, expect, it } from 'vitest'
import type { Mark } from '../../src/doctor/check.js'
import { CHECKS, examine } from '../../src/doctor/examine.js'
import { type FactsWish, factsOf, SILENT } from '../helpers/doctor.js'

const MB = 2 ** 20

const REFUSED = { message: 'redis h:1/0 wants a password', hint: 'put it in the URL', exitCode: 2 }

const shop = (status: number, offsetMs: number | null) => ({
  display: 'http://h',
  found: { status, clock: offsetMs === null ? null : { offsetMs, withinMs: 12 } },
})

/** What is wrong → the check that tells, its mark, its words, and the exit code where it fails. */
const CASES: readonly (readonly [string, FactsWish, string, Mark, RegExp, number?])[] = [
  ['no way in', { redis: { found: REFUSED } }, 'connection', 'fail', /wants a password; put it in the URL/, 2],
  ['no answer', { vitals: { roundTripsMs: [] } }, 'connection', 'fail', /does not answer PING/, 3],
  ['a quick answer', {}, 'connection', 'ok', /0\.2 ms \(median of 3\), 0\.9 ms at most/],
  ['a slow answer', { vitals: { roundTripsMs: [1, 9, 9] } }, 'connection', 'warn', /9\.0 ms .*in one script/],
  ['Redis', {}, 'server', 'ok', /^Redis 7\.0\.15$/],
  ['an old Redis', { vitals: { flavour: { name: 'Redis', version: '3.2.1' } } }, 'server', 'warn', /lacks streams/],
  ['Valkey', { vitals: { flavour: { name: 'Valkey', version: '9.0.0' } } }, 'server', 'ok', /^Valkey 9\.0\.0$/],
  ['Dragonfly', { vitals: { flavour: { name: 'Dragonfly', version: 'v1.2' } } }, 'server', 'warn', /tested on Redis/],
  ['a replica', { server: { role: 'slave' } }, 'replication', 'fail', /a replica \(slave\).*at the primary/, 3],
  [
    'a replica cut off',
    { server: { role: 'slave', primaryLink: 'down' } },
    'replication',
    'fail',
    /its link to the primary is down/,
    3,
  ],
  [
    'replicas',
    { server: { replicas: [{ name: 'r:1', state: 'online', behindBytes: 9 }] } },
    'replication',
    'warn',
    /follow it: 1; replication is asynchronous/,
  ],
  [
    'a replica behind',
    {
      server: {
        replicas: [
          { name: 'r:1', state: 'online', behindBytes: 9 },
          { name: 'r:2', state: 'online', behindBytes: 3 * MB },
        ],
      },
    },
    'replication',
    'warn',
    /r:2 is online and 3072 KB behind \(replicas: 2\)/,
  ],
  ['no cluster', {}, 'cluster', 'ok', /^no cluster$/],
  [
    'a node alone',
    { vitals: { clusterEnabled: true } },
    'cluster',
    'warn',
    /MOVED.*redis\+cluster:\/\/HOST.*--hash-tag/,
  ],
  [
    'a cluster',
    { redis: { kind: 'cluster' }, vitals: { clusterState: 'ok' } },
    'cluster',
    'ok',
    /state is ok; .*--hash-tag/,
  ],
  [
    'a broken cluster',
    { redis: { kind: 'cluster' }, vitals: { clusterState: 'fail' } },
    'cluster',
    'fail',
    /is fail/,
    3,
  ],
  ['no limit', {}, 'eviction', 'ok', /^noeviction, no limit/],
  ['a policy in waiting', { server: { evictionPolicy: 'allkeys-lru' } }, 'eviction', 'warn', /as soon as maxmemory/],
  [
    'an evicting policy',
    { server: { evictionPolicy: 'allkeys-lru', maxMemory: 4 * MB } },
    'eviction',
    'warn',
    /1 of 4 MB in use, policy allkeys-lru: the stock and the records may be evicted; set .* noeviction/,
  ],
  [
    'one for keys that expire',
    { server: { evictionPolicy: 'volatile-ttl', maxMemory: 4 * MB } },
    'eviction',
    'warn',
    /if it has a lifetime/,
  ],
  [
    'an evicting policy, nearly full',
    { server: { evictionPolicy: 'allkeys-lru', maxMemory: 4 * MB }, vitals: { usedMemory: 3.7 * MB } },
    'eviction',
    'fail',
    /may be evicted/,
    3,
  ],
  ['room', { server: { maxMemory: 4 * MB } }, 'eviction', 'ok', /1 of 4 MB/],
  [
    'nearly full',
    { server: { maxMemory: 4 * MB }, vitals: { usedMemory: 3.7 * MB } },
    'eviction',
    'fail',
    /writes will be refused; raise maxmemory/,
    3,
  ],
  ['AOF', {}, 'persistence', 'ok', /^append-only file, fsync everysec$/],
  ['AOF without fsync', { vitals: { fsync: 'no' } }, 'persistence', 'warn', /fsync no/],
  ['AOF, fsync not told', { vitals: { fsync: null } }, 'persistence', 'ok', /fsync \?/],
  ['snapshots', { server: { appendOnly: false } }, 'persistence', 'warn', /save 3600 1.*; for sales that count/],
  ['snapshots here', { server: { appendOnly: false }, redis: { loopback: true } }, 'persistence', 'ok', /save 3600 1/],
  ['nothing', { server: { appendOnly: false, snapshots: '' } }, 'persistence', 'warn', /a restart loses the sale/],
  ['a failed save', { vitals: { lastSave: 'err' } }, 'persistence', 'fail', /MISCONF.*the space on its disk/, 3],
  ['a failed append', { vitals: { lastAppend: 'err' } }, 'persistence', 'fail', /append-only file failed/, 3],
  ['no scripts', { vitals: { scriptsRefused: 'NOPERM no' } }, 'scripts', 'warn', /refused: NOPERM no; .*counter-watch/],
  ['a crowd', { vitals: { clients: { connected: 9, most: 10 } } }, 'clients', 'warn', /9 of 10 .*raise maxclients/],
  ['a clock ahead', { vitals: { clock: { offsetMs: 9_000, withinMs: 1 } } }, 'clock', 'warn', /9\.00 s ahead .*NTP/],
  ['a clock behind', { vitals: { clock: { offsetMs: -9_000, withinMs: 1 } } }, 'clock', 'warn', /9\.00 s behind/],
  ['a clock not sure', { vitals: { clock: { offsetMs: 900, withinMs: 500 } } }, 'clock', 'ok', /±500/],
  ['a shop', { target: shop(404, 3) }, 'target', 'ok', /^http:\/\/h answers \(HEAD: status 404\)$/],
  ['an ill shop', { target: shop(503, 3) }, 'target', 'warn', /status 503.*see its log/],
  [
    'no shop',
    { target: { display: 'http://h', found: { message: 'nothing listens at h', exitCode: 3 } } },
    'target',
    'fail',
    /^nothing listens at h$/,
    3,
  ],
  ['a shop behind', { target: shop(200, -9_000) }, 'target-clock', 'warn', /behind/],
  ['a shop without Date', { target: shop(200, null) }, 'target-clock', 'unknown', /no Date/],
  ['one CPU', { machine: { cpus: 1 } }, 'cpus', 'warn', /^1 CPU; one thread/],
  ['one CPU for all', { machine: { cpus: 1 }, redis: { loopback: true } }, 'cpus', 'warn', /share it/],
  [
    'few descriptors',
    { machine: { limits: { descriptors: 256, ports: 9_999 }, connections: 1_000 } },
    'descriptors',
    'fail',
    /ulimit -n 1064/,
    2,
  ],
  [
    'few ports',
    { machine: { limits: { descriptors: 99_999, ports: 500 }, connections: 1_000 } },
    'ports',
    'fail',
    /--local-address/,
    2,
  ],
  [
    'no descriptors told',
    { machine: { limits: { descriptors: null, ports: null } } },
    'descriptors',
    'unknown',
    /ulimit -n/,
  ],
  [
    'no server to start',
    { machine: { redisServer: { message: 'neither is on PATH', hint: 'install one', exitCode: 3 } } },
    'redis-server',
    'warn',
    /neither is on PATH: demo, race and redis start need one; install one/,
  ],
  ['no BullMQ', {}, 'bullmq', 'ok', /not installed.*npm install bullmq/],
  ['BullMQ', { machine: { bullmq: '6.7.0' } }, 'bullmq', 'ok', /^6\.7\.0$/],
]

describe('finds', () => {
  for (const [what, wish, id, mark, words, exitCode = 0] of CASES)
    it(what, () => {
      const diagnosis = examine(factsOf(wish))
      const found = diagnosis.checks.find((checked) => checked.id === id)
      expect(found).toMatchObject({ mark, exitCode })
      expect([found?.message, found?.hint].filter(Boolean).join('; ')).toMatch(words)
      // The one fault that was wished decides the whole.
      if (mark !== 'unknown') expect(diagnosis).toMatchObject({ verdict: mark, exitCode })
    })
})

it('every check has a case', () =>
  expect(CHECKS.map(({ id }) => id).filter((id) => !CASES.some(([, , told]) => told === id) && id !== 'node')).toEqual(
    [],
  ))

describe('what is not there to be looked at', () => {
  const marks = (wish: FactsWish) =>
    Object.fromEntries(examine(factsOf(wish)).checks.map(({ id, about, mark }) => [`${about} ${id}`, mark]))

  it('a server without a way in has no other checks', () =>
    expect(Object.keys(marks({ redis: { found: REFUSED } })).filter((id) => id.startsWith('redis'))).toEqual([
      'redis connection',
    ]))

  it('a server that tells nothing fails nothing', () => {
    const { checks, verdict, exitCode } = examine(factsOf({ redis: { found: SILENT } }))
    const redis = checks.filter(({ about }) => about === 'redis').map(({ id, mark }) => [id, mark])
    expect(Object.fromEntries(redis)).toEqual({
      ...{ connection: 'ok', server: 'unknown', replication: 'unknown', cluster: 'unknown', eviction: 'unknown' },
      ...{ persistence: 'unknown', scripts: 'unknown', clients: 'unknown', clock: 'unknown' },
    })
    expect({ verdict, exitCode }).toEqual({ verdict: 'ok', exitCode: 0 })
  })

  it('without a shop there is nothing about one', () =>
    expect(Object.keys(marks({})).filter((id) => id.startsWith('target'))).toEqual([]))
})
