import { messageOf, SeckillError, systemCodeOf } from '../../errors.js'
import { say } from '../../language/say.js'

/** What to do about a target that does not accept connections. `origin` carries no login. */
export const unreachable = (
  origin: string,
  error: unknown,
  platform: NodeJS.Platform = process.platform,
): SeckillError => {
  const code = systemCodeOf(error) ?? messageOf(error)
  const { what, hint } = explain(code, new URL(origin))
  const airPlay = platform === 'darwin' && new URL(origin).port === '5000'
  const more = airPlay ? say`on macOS port 5000 belongs to AirPlay Receiver: use another port` : null
  return new SeckillError(
    'target_unreachable',
    say`${what} (${code})`,
    more === null ? hint : say`${hint}; ${more}`,
    error,
  )
}

const explain = (code: string, { origin, host, hostname, protocol }: URL): { what: string; hint: string } => {
  if (code === 'ECONNREFUSED') {
    return {
      what: say`nothing listens at ${host}`,
      hint: say`start the server, or let seckill start it: --start "command"`,
    }
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { what: say`host ${hostname} has no address`, hint: say`check the name in the URL, and the DNS` }
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return {
      what: say`${origin} accepts no connection in time`,
      hint: say`check host, port and firewall, or raise --timeout`,
    }
  }
  if (protocol === 'https:' && /CERT|SSL|SIGNED|SIGNATURE|ISSUER/.test(code)) {
    return {
      what: say`no TLS connection to ${host}`,
      hint: say`name its CA in NODE_EXTRA_CA_CERTS=file.pem, or go without: --insecure`,
    }
  }
  return { what: say`no connection to ${origin}`, hint: say`check that the server runs there` }
}
