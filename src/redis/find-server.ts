import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, delimiter, join, resolve } from 'node:path'
import { SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import type { Env } from './url.js'

export interface RedisServerBinary {
  readonly path: string
  readonly flavour: 'redis' | 'valkey'
}

/** `redis-server`, else `valkey-server`, from PATH; null where there is none. Distributions link the one name to the other. */
export const findRedisServer = (env: Env): RedisServerBinary | null => {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of ['redis-server', 'valkey-server']) {
    const path = folders.map((folder) => resolve(join(folder, name))).find(isExecutable)
    if (path) return { path, flavour: /valkey/.test(name + basename(realpathSync(path))) ? 'valkey' : 'redis' }
  }
  return null
}

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Sources: package indexes of each; Alpine ≥ 3.20, Fedora ≥ 41 and Arch carry Valkey in Redis' place. */
const INSTALL: readonly (readonly [RegExp, string])[] = [
  [/^(debian|ubuntu)$/, 'sudo apt-get install redis-server'],
  [/^alpine$/, 'apk add valkey'],
  [/^fedora$/, 'sudo dnf install valkey'],
  [/^(rhel|centos)$/, 'sudo dnf install redis'],
  [/^arch$/, 'sudo pacman -S valkey'],
]

/**
 * One line that says how to install a server here.
 * @param osRelease text of /etc/os-release, on Linux
 */
export const installHint = (platform: NodeJS.Platform, osRelease = ''): string => {
  if (platform === 'darwin') return say`install one: brew install redis`
  const ids = [...osRelease.matchAll(/^(ID|ID_LIKE)=["']?([^"'\n]*)/gm)]
    .sort(([, a = ''], [, b = '']) => a.localeCompare(b))
    .flatMap(([, , names = '']) => names.split(/\s+/))
  for (const id of ids) {
    const found = INSTALL.find(([pattern]) => pattern.test(id))
    if (found) return say`install one: ${found[1]}`
  }
  return say`install Redis or Valkey with the package manager of this system`
}

/** The server to start. Throws a SeckillError `unsupported` on Windows, `redis_missing` where PATH has none. */
export const requireRedisServer = (env: Env, platform: NodeJS.Platform = process.platform): RedisServerBinary => {
  if (platform === 'win32') {
    throw new SeckillError(
      'unsupported',
      say`seckill starts no Redis on Windows`,
      say`run it under WSL, or give --redis URL`,
    )
  }
  const found = findRedisServer(env)
  if (found) return found
  const hint = say`${installHint(platform, readOsRelease())}; or give --redis URL`
  throw new SeckillError('redis_missing', say`neither redis-server nor valkey-server is on PATH`, hint)
}

const readOsRelease = (): string => {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}
