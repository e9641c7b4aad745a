import { onTestFinished } from 'vitest'
import type { RedisClient } from '../../src/redis/client.js'
import { freePort } from '../../src/redis/server-process.js'
import { until } from './back-office.js'
import { spawnedServer } from './spawned-server.js'
import { connect } from './strategy.js'

/** A server in cluster mode that knows no other and no slots, until the test ends. */
export const clusterNode = async (...args: string[]): Promise<{ readonly node: RedisClient; readonly url: string }> => {
  const busPort = String(await freePort())
  const server = await spawnedServer(['--cluster-enabled', 'yes', '--cluster-port', busPort, ...args])
  onTestFinished(() => server.remove())
  const node = await connect(`redis://127.0.0.1:${server.port}`)
  onTestFinished(() => node.close())
  return { node, url: `redis+cluster://127.0.0.1:${server.port}` }
}

/** A cluster of one node, which has all slots. */
export const wholeCluster = async () => {
  const { node, url } = await clusterNode('--cluster-announce-ip', '127.0.0.1')
  await node.redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
  await until(async () => String(await node.redis.call('CLUSTER', 'INFO')).includes('state:ok'))
  return { node, url }
}
