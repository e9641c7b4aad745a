import { say } from '../../language/say.js'
import { type Check, fail, ok, redisCheck, unknown, warn } from '../check.js'

const MEGABYTE = 1024 * 1024

/** A replica refuses writes; a primary with replicas may lose, in a failover, what it acknowledged. */
export const replication: Check = redisCheck('replication', ({ facts: { role, primaryLink, replicas } }) => {
  if (role === null) return unknown(say`the server does not tell its role (INFO replication)`)
  if (role !== 'master') {
    const link = primaryLink === null || primaryLink === 'up' ? '' : say`, its link to the primary is ${primaryLink}`
    return fail(
      say`this is a replica (${role})${link}: it refuses writes, or takes those of others`,
      say`point --redis at the primary`,
    )
  }
  if (replicas.length === 0) return ok(say`a primary without replicas`)
  const behind = replicas.find(({ state, behindBytes }) => state !== 'online' || behindBytes > MEGABYTE)
  const hint = say`replication is asynchronous: a failover may lose sales that buyers were told of; audit after each`
  if (behind === undefined) return warn(say`a primary, replicas that follow it: ${replicas.length}`, hint)
  return warn(
    say`replica ${behind.name} is ${behind.state} and ${Math.ceil(behind.behindBytes / 1024)} KB behind (replicas: ${replicas.length})`,
    hint,
  )
})

export const cluster: Check = redisCheck('cluster', ({ clusterEnabled, clusterState }, { kind }) => {
  const tag = say`seed with init --hash-tag, so that the keys of a sale share a slot`
  if (kind !== 'cluster') {
    if (clusterEnabled === null)
      return unknown(say`the server does not tell whether it is part of a cluster (INFO cluster)`)
    if (!clusterEnabled) return ok(say`no cluster`)
    return warn(
      say`a node of a cluster, reached alone: it refuses keys of other nodes (MOVED)`,
      say`use --redis redis+cluster://HOST; ${tag}`,
    )
  }
  if (clusterState === null) return unknown(say`a cluster that does not tell its state (CLUSTER INFO)`, tag)
  return clusterState === 'ok'
    ? ok(say`a cluster, its state is ok`, tag)
    : fail(say`a cluster whose state is ${clusterState}: it refuses commands`, say`see: redis-cli cluster info`)
})
