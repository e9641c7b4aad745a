import { expect, it } from 'vitest'
import {
  lifetimeWarnings,
  lostServer,
  type ServerFacts,
  serverRemarks,
  serverWarnings,
} from '../../src/sale/server-facts.js'

const facts = (wish: Partial<ServerFacts> = {}): ServerFacts => ({
  ...{ mark: { runId: 'a', evictedKeys: 5 }, role: 'master', primaryLink: null, maxMemory: 0 },
  ...{ evictionPolicy: 'noeviction', snapshots: '3600 1', appendOnly: false, replicas: [] },
  ...wish,
})
const START = { runId: 'a', evictedKeys: 5 }

it.each<[string, Partial<ServerFacts>, RegExp | null]>([
  ['an ordinary server', {}, null],
  ['a policy without a limit', { evictionPolicy: 'allkeys-lru' }, null],
  ['a limit without eviction', { maxMemory: 2 ** 28 }, null],
  ['eviction', { maxMemory: 2 ** 28, evictionPolicy: 'allkeys-lru' }, /may evict .* 256 MB with policy allkeys-lru/],
  ['evicted keys', { mark: { runId: 'a', evictedKeys: 7 } }, /evicted 2 keys since the run began/],
  ['evicted keys of another life', { mark: { runId: 'b', evictedKeys: 7 } }, null],
  ['a replica that follows', { replicas: [{ name: 'r:1', state: 'online', behindBytes: 300 }] }, null],
  [
    'a replica far behind',
    { replicas: [{ name: 'r:1', state: 'online', behindBytes: 2 ** 23 }] },
    /r:1 is 8 MB behind/,
  ],
  [
    'a replica that is not there yet',
    { replicas: [{ name: 'r:1', state: 'wait_bgsave', behindBytes: 0 }] },
    /wait_bgsave/,
  ],
  [
    'being a replica',
    { role: 'slave', primaryLink: 'down' },
    /this Redis is a replica and its link to the primary is down/,
  ],
])('of %s', (_what, wish, warning) => {
  const found = serverWarnings(facts(wish), START, true)
  if (warning === null) expect(found).toEqual([])
  else expect(found).toEqual([expect.stringMatching(warning)])
})

it.each([
  ['volatile-lru', true, 1],
  ['volatile-lru', false, 0],
  ['allkeys-lru', false, 1],
])('%s with keys that expire: %s', (evictionPolicy, expiring, warnings) => {
  expect(serverWarnings(facts({ maxMemory: 2 ** 28, evictionPolicy }), START, expiring)).toHaveLength(warnings)
})

it('a server that keeps nothing on disk, or tells nothing, is remarked on', () => {
  expect(serverRemarks(facts())).toEqual([])
  expect(serverRemarks(facts({ snapshots: '' }))).toEqual([expect.stringMatching(/keeps nothing on disk/)])
  expect(serverRemarks(facts({ snapshots: '', appendOnly: true }))).toEqual([])
  const dark = serverRemarks(facts({ mark: null, maxMemory: null, snapshots: null }))
  expect(dark).toEqual([expect.stringMatching(/^not readable from this Redis: its run id .* memory limit .* on disk/)])
})

it('another run id, and nothing less, makes the store no witness', () => {
  expect(lostServer(facts(), START)).toBeNull()
  expect(lostServer(facts({ mark: null }), START)).toBeNull()
  expect(lostServer(null, START)).toBeNull()
  expect(lostServer(facts(), null)).toBeNull()
  expect(lostServer(facts({ mark: { runId: 'b', evictedKeys: 0 } }), START)).toMatch(/restarted or failed over/)
})

it('a key that goes before the sale is over, or nobody knows whether, is named with the shortest first', () => {
  const keys = [
    { key: 'x', seconds: 500 },
    { key: 'y', seconds: 20 },
  ]
  expect(lifetimeWarnings([], null, 0)).toEqual([])
  expect(lifetimeWarnings(keys, null, 0)).toEqual([
    expect.stringMatching(/^y \(and 1 more\) expires in 20 s, no sale\.window\.end/),
  ])
  expect(lifetimeWarnings(keys, 100_000, 0)).toEqual([
    expect.stringMatching(/^y expires in 20 s, before the sale ends/),
  ])
  expect(lifetimeWarnings(keys, 20_000, 0)).toEqual([])
})
