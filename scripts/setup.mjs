import './node-version.mjs'
import { buildIfStale } from './build.mjs'
import { stop } from './command.mjs'
import { installIfChanged } from './dependencies.mjs'
import { ensureRedisServer } from './redis-server.mjs'

const must = (step, exitCode) => {
  if (exitCode !== 0) stop(`${step} failed: its message is above`, exitCode)
}

/**
 * Brings a fresh clone to where everything runs: dependencies, dist, a Redis server. Quick where that is done already.
 * Resolves with the path of the Redis server; prints one line and exits where something cannot be had.
 */
export const setup = async () => {
  must('npm install', installIfChanged())
  // With type errors nothing is written, so dist stays older than src and the next run builds again.
  must('npm run build', buildIfStale('--noEmitOnError'))
  return ensureRedisServer()
}
