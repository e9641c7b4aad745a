// The target of bench/load.mjs: bench/target.c where there is a C compiler, else the same in JavaScript.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinned } from './common.mjs'

const SOURCE = fileURLToPath(new URL('target.c', import.meta.url))
const SELF = fileURLToPath(import.meta.url)

const ANSWER = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\nConnection: keep-alive\r\n\r\n' +
    '{"code":0,"message":"sold out"}\n',
)

/** Starts it on core 0: its URL, which program it is, and how to stop it. */
export const startTarget = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seckill-target-'))
  const program = join(folder, 'target')
  const compiled = spawnSync('cc', ['-O2', '-o', program, SOURCE]).status === 0
  const [command, ...args] = pinned(0, compiled ? [program, '0'] : ['node', SELF])
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data).split('\n'))))
  const stop = () => {
    child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: `http://127.0.0.1:${line}/seckill`, port: Number(line), name: compiled ? 'C, epoll' : 'Node', stop }
}

// Requests of the tools that are measured come in one piece each.
if (process.argv[1] === SELF) {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(ANSWER)).on('error', () => {})
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
}
