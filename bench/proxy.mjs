// What the Redis proxy costs: node bench/proxy.mjs
// A client that waits for each reply, and one that sends 100 at once, straight to Redis and through the proxy in its own process, in turn.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { startPrivateRedis } from '../dist/index.js'
import { run } from './common.mjs'

const ROUNDS = 5
const PROXY = `
  import { RedisProxy } from '${new URL('../dist/redis/proxy.js', import.meta.url)}'
  import { parseRedisUrl } from '${new URL('../dist/redis/url.js', import.meta.url)}'
  const proxy = await RedisProxy.open(parseRedisUrl(process.argv[1]), { port: 0, replied: () => {} })
  console.log(proxy.port)
`

const benchmark = (port, ...words) => {
  const csv = run(['redis-benchmark', '-p', String(port), '--csv', '-t', 'incr', ...words])
  return Number(/"INCR","([\d.]+)"/.exec(csv)[1])
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]

const redis = await startPrivateRedis({ env: process.env, tcpPort: true })
const proxy = spawn(process.execPath, ['--input-type=module', '-e', PROXY, redis.url], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
try {
  const [line] = await once(proxy.stdout, 'data')
  const port = Number(line)
  const figures = { direct: [], proxied: [], directPipe: [], proxiedPipe: [] }
  for (let i = 0; i < ROUNDS; i++) {
    figures.direct.push(1e6 / benchmark(redis.port, '-c', '1', '-n', '20000'))
    figures.proxied.push(1e6 / benchmark(port, '-c', '1', '-n', '20000'))
    figures.directPipe.push(benchmark(redis.port, '-c', '5', '-P', '100', '-n', '1000000'))
    figures.proxiedPipe.push(benchmark(port, '-c', '5', '-P', '100', '-n', '1000000'))
  }
  const [direct, proxied, directPipe, proxiedPipe] = Object.values(figures).map(median)
  console.log(
    `one command at a time: ${direct.toFixed(0)} µs straight, ${proxied.toFixed(0)} µs through the proxy, ${(proxied - direct).toFixed(0)} µs added (goal 70)`,
  )
  console.log(
    `pipelined: ${directPipe.toFixed(0)} commands/s straight, ${proxiedPipe.toFixed(0)} through the proxy (goal 100,000), ratio ${(proxiedPipe / directPipe).toFixed(2)}`,
  )
} finally {
  proxy.kill()
  await redis.stop()
}
