// A Redis server of the bench's own, on the first core.
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { pinned, run } from './common.mjs'

export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/** Keeps nothing on disk; `folder` is its working directory. */
export const startRedis = async (folder) => {
  const port = String(await freePort())
  const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const [program, ...args] = pinned(0, ['redis-server', ...settings])
  const server = spawn(program, args, { stdio: 'ignore' })
  const cli = (...words) => run(['redis-cli', '-p', port, ...words]).trim()
  while (true) {
    try {
      if (cli('PING') === 'PONG') break
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  /** Old keys are freed by a thread of the server, on the core that it shares with its main thread: not while we measure. */
  const untilFreed = () => {
    while (!/lazyfree_pending_objects:0/.test(cli('INFO', 'memory'))) spawnSync('sleep', ['0.05'])
  }
  return { port, url: `redis://127.0.0.1:${port}`, cli, untilFreed, stop: () => server.kill() }
}
