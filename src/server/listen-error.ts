import { messageOf, SeckillError, systemCodeOf, usageError } from '../errors.js'

/** Why a server could not listen, for the person who started it. `platform` as in `process.platform`. */
export const listenError = (
  error: unknown,
  host: string,
  port: number,
  platform: string,
  flag = '--port',
): SeckillError => {
  if (error instanceof SeckillError) return error
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return new SeckillError('port_in_use', `port ${port} is already in use`, portHint(port, platform, flag), error)
    case 'EACCES':
      return new SeckillError('usage', `port ${port} needs privileges`, `take one from 1024 up with ${flag}`, error)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return usageError(`host ${JSON.stringify(host)} is not an address of this machine`, 'try --host 127.0.0.1')
    default:
      return new SeckillError('unexpected', `cannot listen on ${host}:${port}: ${messageOf(error)}`, undefined, error)
  }
}

const portHint = (port: number, platform: string, flag: string): string =>
  platform === 'darwin' && port === 5000
    ? 'on macOS it may belong to AirPlay Receiver: turn that off in System Settings › General › AirDrop & Handoff, or take another with --port'
    : `stop what uses it, or take another with ${flag} (0 picks a free one)`
