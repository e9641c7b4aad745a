import { findOnPath } from './command.mjs'
import { ensure } from './install.mjs'

/**
 * How each package manager brings a Redis server, Valkey where the distribution has moved to it. Debian starts a service as
 * soon as it is installed, on the port that people use: both variables keep it from that (sysvinit, systemd) and leave no trace.
 */
const INSTALL = {
  'apt-get':
    'apt-get update && RUNLEVEL=1 SYSTEMD_OFFLINE=1 DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server',
  apk: 'apk add --no-cache valkey || apk add --no-cache redis',
  dnf: 'dnf install -y valkey || dnf install -y redis',
  pacman: 'pacman -Sy --noconfirm valkey',
  brew: 'brew install valkey',
}

/** The path of a real Redis server, which is installed where there is none. */
export const ensureRedisServer = () =>
  ensure({
    find: () => findOnPath('redis-server', 'valkey-server'),
    missing: 'no redis-server or valkey-server on PATH',
    byTool: INSTALL,
    byHand: 'install Redis or Valkey (on Windows inside WSL)',
  })
