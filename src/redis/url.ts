import { isIPv6 } from 'node:net'
import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { RedisEndpoint, RedisNode, RedisTarget } from './target.js'

export * from './target.js'

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

const forms = () =>
  say`write it as redis://[user:password@]host[:6379][/db]; also rediss://, valkey://, unix:///path, redis+sentinel://h1,h2/master, redis+cluster://h1,h2`
const encode = () => say`in a user name or password write @ as %40, / as %2F, : as %3A, ? as %3F, # as %23, % as %25`

interface Parts {
  /** With its `://`; empty where none was written. */
  readonly scheme: string
  /** Undefined where there is no `@`. */
  readonly userInfo: string | undefined
  readonly hosts: string
  readonly path: string
  readonly query: string
}

/** Where each part begins; its own, since no URL parser takes `h1:26379,h2`. Userinfo ends at the last `@` before the path. */
const split = (text: string): Parts => {
  const [, scheme = '', authority = '', path = '', query = ''] =
    /^([a-z][\w+.-]*:\/\/)?([^/?#]*)([^?#]*)(.*)$/is.exec(text) ?? []
  const at = authority.lastIndexOf('@')
  return { scheme, userInfo: at < 0 ? undefined : authority.slice(0, at), hosts: authority.slice(at + 1), path, query }
}

const NODE = /^(?:\[([0-9a-f:.]+(?:%\w+)?)\]|([^\s:@[\],%]+))(?::(\d{1,5}))?$/i

/** Whether an `@` lies where only a password that was not encoded can have put it. */
const hasStrayAt = ({ scheme, userInfo, hosts, path, query }: Parts): boolean => {
  const isSocketPath = scheme.toLowerCase() === 'unix://' && userInfo === undefined && hosts === ''
  return (path + query).includes('@') && !isSocketPath
}

/** The text of a URL without user, password and query; no host either where it might be part of a password. */
export const maskUrl = (text: string): string => {
  const parts = split(text)
  const plainHosts = parts.hosts === '' || parts.hosts.split(',').every((host) => NODE.test(host))
  if (!plainHosts || hasStrayAt(parts)) return `${parts.scheme}***`
  const login = parts.userInfo === undefined ? '' : '***@'
  return `${parts.scheme}${login}${parts.hosts}${parts.path}${parts.query === '' ? '' : '?***'}`
}

const KINDS = /^(?:(unix)|(?:redis|valkey)(s?)(?:\+(sentinel|cluster))?):\/\/$/i

/**
 * Parses every form of a Redis URL; text without a scheme is read as `redis://`. `REDISCLI_AUTH` of `env` is the password
 * where the URL has none, and a lone word before the `@` is a password, both as in redis-cli. Other queries than `db` are
 * ignored: platforms add their own. Throws a usage SeckillError that shows the URL masked.
 */
export const parseRedisUrl = (text: string, env: Env = {}): RedisTarget => {
  try {
    return parse(split(text.trim()), env)
  } catch (error) {
    if (!(error instanceof SeckillError)) throw error
    throw usageError(
      say`not a Redis URL: ${maskUrl(text.trim()) || say`(empty)`} (${error.message})`,
      error.hint ?? forms(),
    )
  }
}

const parse = (parts: Parts, env: Env): RedisTarget => {
  const kinds = KINDS.exec(parts.scheme || 'redis://')
  if (!kinds) throw usageError(say`unknown scheme`)
  if (hasStrayAt(parts)) throw usageError(say`an @ after the host`, encode())
  const [, unix, s = '', topology] = kinds
  const access = { ...login(parts.userInfo, env), tls: s !== '' }
  const kind = (unix ?? topology ?? 'tcp').toLowerCase() as RedisEndpoint['kind']
  const path = parts.path.replace(/\/$/, '').split('/').slice(1).map(decode)
  const db = (index: number): number => {
    if (path.length > index + 1) throw usageError(say`the path is too long`)
    return database(path[index] ?? new URLSearchParams(parts.query.split('#', 1)[0]).get('db') ?? '0')
  }
  switch (kind) {
    case 'tcp': {
      const [node, ...more] = nodesOf(parts, 6379)
      if (more.length > 0) throw usageError(say`several hosts: say whether redis+sentinel:// or redis+cluster://`)
      return { kind, ...node!, db: db(0), ...access }
    }
    case 'unix':
      if (parts.hosts !== '' || parts.path.length < 2) throw usageError(say`unix:// takes an absolute path`)
      return { kind, path: decode(parts.path), db: db(path.length), ...access }
    case 'sentinel':
      if (!path[0]) throw usageError(say`the name of the master is missing`)
      return { kind, masterName: path[0], nodes: nodesOf(parts, 26379), db: db(1), ...access }
    case 'cluster':
      if (db(0) !== 0) throw usageError(say`a cluster has database 0 only`)
      return { kind, nodes: nodesOf(parts, 6379), db: 0, ...access }
  }
}

const nodesOf = ({ hosts }: Parts, defaultPort: number): RedisNode[] => {
  if (hosts === '') throw usageError(say`no host`)
  return hosts.split(',').map((text) => {
    const [, address, name, digits] = NODE.exec(text) ?? []
    const host = address ?? name
    if (host === undefined || (address !== undefined && !isIPv6(address))) {
      throw usageError(say`a host must be host, host:port or [IPv6]:port`)
    }
    const port = digits === undefined ? defaultPort : Number(digits)
    if (port < 1 || port > 65_535) throw usageError(say`a port must be 1 to 65535`)
    return { host, port }
  })
}

const login = (userInfo: string | undefined, env: Env): Pick<RedisTarget, 'username' | 'password'> => {
  const [, user = '', password = ''] = /^(?:([^:]*):)?(.*)$/s.exec(userInfo ?? '') ?? []
  return { username: decode(user) || undefined, password: decode(password) || env.REDISCLI_AUTH || undefined }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw usageError(say`a % that encodes nothing`, encode())
  }
}

const database = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw usageError(say`the database must be a whole number`)
  return Number(text)
}
