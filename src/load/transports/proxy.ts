import { request } from 'node:http'
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { messageOf, SeckillError, systemCodeOf, usageError } from '../../errors.js'
import { say } from '../../language/say.js'
import type { BuiltRequest } from '../request.js'

/** An HTTP proxy between us and the target. */
export interface ProxyOptions {
  /** Without login. */
  readonly origin: string
  readonly headers: Readonly<Record<string, string>>
  /** Plain http is forwarded request by request; https goes through a tunnel. */
  readonly forwards: boolean
  /** A request to the target as the proxy wants it. */
  forward(origin: string, request: BuiltRequest): BuiltRequest
}

/** Reads `--proxy http://user:password@host:port`. Throws a usage error that shows no password. */
export const parseProxy = (text: string, targetOrigin: string): ProxyOptions => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'http:' || url.hostname === '') {
    throw usageError(say`--proxy takes an http:// URL`, say`for example --proxy http://127.0.0.1:8080`)
  }
  const { username, password, origin } = url
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  const headers: Record<string, string> = username ? { 'proxy-authorization': `Basic ${login}` } : {}
  return {
    origin,
    headers,
    forwards: targetOrigin.startsWith('http:'),
    forward: (target, { path, headers: own, body }) => {
      return { path: target + path, headers: { host: new URL(target).host, ...headers, ...own }, body }
    },
  }
}

/** A connector that goes by way of a proxy. Its errors are target_unreachable, and name the proxy. */
export const throughProxy = (
  proxy: ProxyOptions,
  targetOrigin: string,
  connector: buildConnector.connector,
  timeoutMs: number,
): buildConnector.connector => {
  const { hostname, host, port, protocol } = new URL(proxy.origin)
  const named = (error: Error | null) => error && refused(proxy.origin, systemCodeOf(error) ?? messageOf(error))
  if (proxy.forwards) {
    return (where, callback) =>
      connector({ ...where, hostname, host, port, protocol }, (...[error, socket]) =>
        error ? callback(named(error) as Error, null) : callback(null, socket!),
      )
  }
  return (where, callback) => {
    const target = new URL(targetOrigin)
    const path = `${target.hostname}:${target.port || 443}`
    const asking = request({
      hostname,
      port,
      method: 'CONNECT',
      path,
      headers: { ...proxy.headers, host: path },
      timeout: timeoutMs,
    })
    asking.once('timeout', () => asking.destroy(new Error('timeout')))
    asking.once('error', (error) => callback(named(error) as Error, null))
    asking.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) connector({ ...where, httpSocket: socket }, callback)
      else {
        socket.destroy()
        callback(refused(proxy.origin, `status ${statusCode}`), null)
      }
    })
    asking.end()
  }
}

const refused = (origin: string, why: string): SeckillError =>
  new SeckillError(
    'target_unreachable',
    say`no way through the proxy ${origin} (${why})`,
    say`check --proxy, and its login`,
  )
