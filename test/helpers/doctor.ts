import type { Facts, MachineFacts, RedisFacts } from '../../src/doctor/facts.js'
import type { ServerFacts } from '../../src/sale/server-facts.js'
import type { ServerVitals } from '../../src/sale/server-vitals.js'

/** A server that says nothing, and may not be asked anything. */
export const SILENT: ServerVitals = {
  facts: {
    ...{ mark: null, role: null, primaryLink: null, maxMemory: null, evictionPolicy: null },
    ...{ snapshots: null, appendOnly: null, replicas: [] },
  },
  ...{ flavour: null, usedMemory: null, lastSave: null, lastAppend: null, fsync: null },
  ...{
    clusterEnabled: null,
    clusterState: null,
    clients: null,
    scriptsRefused: null,
    roundTripsMs: [0.1],
    clock: null,
  },
}

const MACHINE: MachineFacts = {
  ...{ node: '22.0.0', cpus: 8, limits: { descriptors: 20_000, ports: 28_232 }, connections: 100 },
  ...{ redisServer: { path: '/usr/bin/redis-server' }, bullmq: null },
}

export interface FactsWish {
  readonly server?: Partial<ServerFacts>
  readonly vitals?: Partial<ServerVitals>
  readonly redis?: Partial<RedisFacts>
  readonly machine?: Partial<MachineFacts>
  readonly target?: Facts['target']
}

/** Facts of a remote server without a fault, apart from what is wished. */
export const factsOf = ({ server, vitals, redis, machine, target = null }: FactsWish = {}): Facts => {
  const found: ServerVitals = {
    facts: {
      ...{ mark: { runId: 'a', evictedKeys: 0 }, role: 'master', primaryLink: null, maxMemory: 0 },
      ...{ evictionPolicy: 'noeviction', snapshots: '3600 1', appendOnly: true, replicas: [] },
      ...server,
    },
    ...{ flavour: { name: 'Redis', version: '7.0.15' }, usedMemory: 2 ** 20, lastSave: 'ok', lastAppend: 'ok' },
    ...{ fsync: 'everysec', clusterEnabled: false, clusterState: null, clients: { connected: 3, most: 10_000 } },
    ...{ scriptsRefused: '', roundTripsMs: [0.1, 0.2, 0.9], clock: { offsetMs: 1, withinMs: 0.1 } },
    ...vitals,
  }
  return {
    redis: { kind: 'tcp', loopback: false, found, ...redis },
    target,
    machine: { ...MACHINE, ...machine },
  }
}
