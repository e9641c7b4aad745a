import { worstExit } from '../errors.js'
import type { Check, Finding, Mark } from './check.js'
import { redisClock, targetClock } from './checks/clocks.js'
import { eviction, persistence } from './checks/keeping.js'
import { bullmq, cpus, descriptors, node, ports, redisServer } from './checks/machine.js'
import { clients, connection, scripts, server } from './checks/server.js'
import { target } from './checks/target.js'
import { cluster, replication } from './checks/topology.js'
import type { Facts } from './facts.js'

/** Every check, in the order in which it is shown. */
export const CHECKS: readonly Check[] = [
  ...[connection, server, replication, cluster, eviction, persistence, scripts, clients, redisClock],
  ...[target, targetClock],
  ...[node, cpus, descriptors, ports, redisServer, bullmq],
]

export interface Checked extends Finding, Pick<Check, 'id' | 'about'> {}

export interface Diagnosis {
  /** The worst mark, where `unknown` counts as `ok`. */
  readonly verdict: Exclude<Mark, 'unknown'>
  readonly checks: readonly Checked[]
  readonly exitCode: number
}

/** Looks at everything that there is to look at. */
export const examine = (facts: Facts): Diagnosis => {
  const checks = CHECKS.flatMap((check) => {
    const found = check.look(facts)
    return found === null ? [] : [{ id: check.id, about: check.about, ...found }]
  })
  const verdict = (['fail', 'warn'] as const).find((bad) => checks.some(({ mark }) => mark === bad)) ?? 'ok'
  return { verdict, checks, exitCode: worstExit(...checks.map(({ exitCode }) => exitCode)) }
}
