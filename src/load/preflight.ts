import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { usageError } from '../errors.js'
import { say } from '../language/say.js'

/** What the process holds besides connections: log, Redis, pipes, the server under test. */
const OTHER_DESCRIPTORS = 64

export interface Limits {
  /** Open files of this process; null where it is not known or has no limit. */
  readonly descriptors: number | null
  /** Local ports for outgoing connections, per local address and target; null where it is not known. */
  readonly ports: number | null
}

/** The limits of this process and machine. */
export const readLimits = async (): Promise<Limits> => {
  const [descriptors, ports] = await Promise.all([readDescriptors(), readPorts()])
  return { descriptors, ports }
}

/** Throws a usage error where `connections` at once, from `addresses` local addresses, cannot be. Pure. */
export const checkLimits = ({ descriptors, ports }: Limits, connections: number, addresses: number): void => {
  const needed = connections + OTHER_DESCRIPTORS
  if (descriptors !== null && needed > descriptors) {
    throw usageError(
      say`${connections} connections need ${needed} file descriptors, and the limit is ${descriptors}`,
      say`raise it with: ulimit -n ${needed}; or lower --concurrency (a burst: --users)`,
    )
  }
  if (ports !== null && connections > ports * addresses) {
    throw usageError(
      say`${connections} connections need as many local ports, and there are ${ports * addresses}`,
      say`add addresses: --local-address 127.0.0.2,127.0.0.3; or widen net.ipv4.ip_local_port_range`,
    )
  }
}

/** A child has our limit, which Node has raised as far as it may. */
const readDescriptors = async (): Promise<number | null> => {
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', 'ulimit -n'])
    return /^\d+$/.test(stdout.trim()) ? Number(stdout) : null
  } catch {
    return null
  }
}

const readPorts = async (): Promise<number | null> => {
  try {
    const [low, high] = (await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')).split(/\s+/).map(Number)
    return high! - low! + 1
  } catch {
    return null
  }
}
