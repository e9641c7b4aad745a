import { createInterface } from 'node:readline'
import { findOnPath, onStderr, run, stop } from './command.mjs'

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

const find = () => findOnPath('redis-server', 'valkey-server')

const isRoot = () => process.getuid !== undefined && process.getuid() === 0

/** The command line that installs a server here, as it has to be typed; undefined where no package manager is known. */
const installCommand = () => {
  const tool = Object.keys(INSTALL).find((name) => findOnPath(name))
  if (tool === undefined) return undefined
  if (isRoot() || tool === 'brew') return INSTALL[tool]
  return `sudo ${process.env.CI ? '-n ' : ''}sh -c '${INSTALL[tool]}'`
}

const agrees = (question) =>
  new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    terminal.on('close', () => resolve(false))
    terminal.question(`${question} (y/N) `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()))
      terminal.close()
    })
  })

/**
 * The path of a real Redis server. Where there is none it is installed: at once in CI and as root, after a question on a
 * terminal; otherwise one line says what to install, and the process exits with 3.
 */
export const ensureRedisServer = async () => {
  const found = find()
  if (found) return found
  const missing = 'no redis-server or valkey-server on PATH'
  const command = installCommand()
  if (command === undefined) stop(`${missing}: install Redis or Valkey (on Windows inside WSL)`, 3)

  const unattended = Boolean(process.env.CI) || isRoot()
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY
  if (!unattended && !(isTerminal && (await agrees(`${missing}. Run: ${command} ?`))))
    stop(`${missing}: install one, for example with: ${command}`, 3)

  console.error(`${missing}, so now: ${command}`)
  run('sh', ['-c', command], { stdio: onStderr })
  return find() || stop(`still ${missing}: the command above did not install one`, 3)
}
