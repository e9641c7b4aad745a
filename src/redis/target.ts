import { BlockList, isIPv6 } from 'node:net'

export interface RedisNode {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

interface Access {
  readonly db: number
  readonly username: string | undefined
  /** Never to be printed. */
  readonly password: string | undefined
  readonly tls: boolean
}

export type RedisEndpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'sentinel'; readonly masterName: string; readonly nodes: readonly RedisNode[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[] }

/** Where a Redis is, and how to get in. */
export type RedisTarget = RedisEndpoint & Access

const hostText = (host: string): string => (isIPv6(host) ? `[${host}]` : host)

const nodeText = ({ host, port }: RedisNode): string => `${hostText(host)}:${port}`

const nodesOf = (target: RedisTarget): readonly RedisNode[] => {
  if (target.kind === 'unix') return []
  return target.kind === 'tcp' ? [target] : target.nodes
}

/** For messages: `127.0.0.1:6379/0`, `unix /tmp/x.sock/0`, `sentinel mymaster@h1:26379/0`, `cluster h1:7000,h2:7001`. No secret in it. */
export const describeRedis = (target: RedisTarget): string => {
  const nodes = nodesOf(target).map(nodeText).join(',')
  switch (target.kind) {
    case 'tcp':
      return `${nodes}/${target.db}`
    case 'unix':
      return `unix ${target.path}/${target.db}`
    case 'sentinel':
      return `sentinel ${target.masterName}@${nodes}/${target.db}`
    case 'cluster':
      return `cluster ${nodes}`
  }
}

/** The hosts that a target names, in order; none for a unix socket. */
export const hostsOf = (target: RedisTarget): string[] => nodesOf(target).map(({ host }) => host)

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * Whether every host named is this machine: 127.0.0.0/8, ::1, localhost, a unix socket. Says nothing about where a
 * sentinel or a cluster node sends its clients next.
 */
export const isLoopback = (target: RedisTarget): boolean => hostsOf(target).every(isLoopbackHost)

/** Whether a name or an address (IPv6 with or without brackets) is this machine, by its text. */
export const isLoopbackHost = (host: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || LOOPBACK.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4')
}

const userInfo = ({ username, password }: Access): string => {
  if (username === undefined && password === undefined) return ''
  return `${encodeURIComponent(username ?? '')}:${encodeURIComponent(password ?? '')}@`
}

/** The URL of a target, password included: for the environment of children, never for a message. */
export const toRedisUrl = (target: RedisTarget): string => {
  const scheme = target.tls ? 'rediss' : 'redis'
  const where = userInfo(target) + nodesOf(target).map(nodeText).join(',')
  switch (target.kind) {
    case 'tcp':
      return `${scheme}://${where}/${target.db}`
    case 'unix':
      return `unix://${where}${target.path.split('/').map(encodeURIComponent).join('/')}?db=${target.db}`
    case 'sentinel':
      return `${scheme}+sentinel://${where}/${encodeURIComponent(target.masterName)}/${target.db}`
    case 'cluster':
      return `${scheme}+cluster://${where}`
  }
}
