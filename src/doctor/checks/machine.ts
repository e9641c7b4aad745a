import { SeckillError } from '../../errors.js'
import { thousands } from '../../language/numbers.js'
import { count, say } from '../../language/say.js'
import { checkLimits, type Limits } from '../../load/preflight.js'
import { type Check, type Finding, fail, ok, unknown, warn } from '../check.js'
import { type Facts, isProblem, type MachineFacts } from '../facts.js'

const machineCheck = (id: string, look: (machine: MachineFacts, facts: Facts) => Finding): Check => ({
  ...{ id, about: 'machine' },
  look: (facts) => look(facts.machine, facts),
})

/** Which version runs at all is for bin/seckill.js to say, before anything is loaded. */
export const node = machineCheck('node', ({ node: version }) => ok(`Node.js ${version}`))

export const cpus = machineCheck('cpus', ({ cpus: available }, { redis: { loopback } }) => {
  const message = count(available, 'CPU')
  if (available > 1) return ok(message)
  const hint = loopback
    ? say`generator, shop and Redis share it: heed the generator verdict of blast`
    : say`one thread sends no more than it can: heed the generator verdict of blast`
  return warn(message, hint)
})

/** As a load is refused before it starts. */
const enough = (limits: Limits, connections: number, message: string): Finding => {
  try {
    checkLimits(limits, connections, 1)
    return ok(message)
  } catch (error) {
    if (!(error instanceof SeckillError)) throw error
    return fail(error.message, error.hint ?? null, error.exitCode)
  }
}

export const descriptors = machineCheck('descriptors', ({ limits, connections }) => {
  const most = limits.descriptors
  if (most === null) return unknown(say`no limit of open files is told (ulimit -n)`)
  return enough(
    { ...limits, ports: null },
    connections,
    say`${thousands(most)} open files, enough for ${thousands(connections)} connections`,
  )
})

export const ports = machineCheck('ports', ({ limits, connections }) => {
  const most = limits.ports
  if (most === null) return unknown(say`the range of local ports is not told`)
  return enough(
    { ...limits, descriptors: null },
    connections,
    say`${thousands(most)} local ports, enough for ${thousands(connections)} connections`,
  )
})

export const redisServer = machineCheck('redis-server', ({ redisServer: found }) =>
  isProblem(found) ? warn(say`${found.message}: demo, race and redis start need one`, found.hint) : ok(found.path),
)

export const bullmq = machineCheck('bullmq', ({ bullmq: version }) =>
  version === null ? ok(say`not installed: only a queue on BullMQ needs it`, 'npm install bullmq@6') : ok(version),
)
