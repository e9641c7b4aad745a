import { isIP } from 'node:net'
import { usageError } from '../../errors.js'
import { listed } from '../../language/lists.js'
import { say } from '../../language/say.js'
import type { RequestTemplate } from '../request.js'
import type { GatedTransport } from '../transport.js'
import { parseProxy } from './proxy.js'

export const TRANSPORTS = ['auto', 'socket', 'undici'] as const

/** How purchases travel, as flags and sale file give it. */
export interface HttpSettings {
  /** `auto` (default): the socket for plain http, undici for https, HTTP/2 and proxies. */
  readonly transport?: (typeof TRANSPORTS)[number] | undefined
  readonly insecure?: boolean | undefined
  readonly http2?: boolean | undefined
  /** `http://user:password@host:port`. */
  readonly proxy?: string | undefined
  /** Comma-separated. */
  readonly localAddress?: string | undefined
}

/** Which transport it will be. Throws a usage error for a setting that cannot be read, and where two exclude each other. */
export const transportFor = (origin: string, settings: HttpSettings): 'socket' | 'undici' => {
  const { transport = 'auto', insecure, http2, proxy, localAddress } = settings
  if (proxy !== undefined) parseProxy(proxy, origin)
  parseAddresses(localAddress)
  const secure = origin.startsWith('https:')
  if (!TRANSPORTS.includes(transport)) {
    throw usageError(say`no transport ${JSON.stringify(transport)}`, say`one of: ${listed(TRANSPORTS)}`)
  }
  if (http2 && !secure) throw usageError(say`--http2 needs an https:// target`, say`HTTP/2 is agreed on in TLS`)
  if (insecure && !secure) throw usageError(say`--insecure needs an https:// target`, say`leave it out`)
  if (http2 && proxy) throw usageError(say`--http2 and --proxy exclude each other`, say`drop one of them`)
  const needsUndici = secure || proxy !== undefined
  if (transport !== 'socket') return needsUndici ? 'undici' : transport === 'auto' ? 'socket' : 'undici'
  if (needsUndici) throw usageError(say`the socket transport speaks plain HTTP/1.1 only`, say`use --transport auto`)
  return 'socket'
}

export interface HttpOptions extends HttpSettings {
  readonly request: RequestTemplate
  readonly timeoutMs: number
  readonly nowUs: () => number
}

/** The transport that the settings ask for; only the one that is used is loaded. Throws usage errors. */
export const httpTransport = async (options: HttpOptions): Promise<GatedTransport> => {
  const { request, timeoutMs, nowUs, insecure, http2, proxy } = options
  const localAddresses = parseAddresses(options.localAddress)
  const common = { request, timeoutMs, nowUs, localAddresses }
  if (transportFor(request.origin, options) === 'socket') {
    const { SocketTransport } = await import('./socket.js')
    return new SocketTransport(common)
  }
  const { UndiciTransport } = await import('./undici.js')
  const through = proxy === undefined ? undefined : parseProxy(proxy, request.origin)
  return new UndiciTransport({ ...common, insecure, http2, proxy: through })
}

const parseAddresses = (text: string | undefined): string[] | undefined => {
  const addresses = text?.split(',').map((address) => address.trim())
  const wrong = addresses?.find((address) => isIP(address) === 0)
  if (wrong === undefined) return addresses
  throw usageError(say`--local-address ${JSON.stringify(wrong)} is no IP address`, say`for example 127.0.0.2,127.0.0.3`)
}
