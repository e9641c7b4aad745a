import { messageOf, SeckillError, systemCodeOf, usageError } from '../errors.js'
import { say } from '../language/say.js'

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
      return new SeckillError('port_in_use', say`port ${port} is already in use`, portHint(port, platform, flag), error)
    case 'EACCES':
      return new SeckillError(
        'usage',
        say`port ${port} needs privileges`,
        say`take one from 1024 up with ${flag}`,
        error,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return usageError(say`host ${JSON.stringify(host)} is not an address of this machine`, say`try --host 127.0.0.1`)
    default:
      return new SeckillError(
        'unexpected',
        say`cannot listen on ${host}:${port}: ${messageOf(error)}`,
        undefined,
        error,
      )
  }
}

const portHint = (port: number, platform: string, flag: string): string =>
  platform === 'darwin' && port === 5000
    ? say`on macOS it may belong to AirPlay Receiver: turn that off in System Settings › General › AirDrop & Handoff, or take another with --port`
    : say`stop what uses it, or take another with ${flag} (0 picks a free one)`
