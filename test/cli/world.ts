import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { isListening } from '../../src/load/probe-target.js'
import { connectRedis } from '../../src/redis/client.js'
import type { RedisPort } from '../../src/redis/port.js'
import { parseRedisUrl } from '../../src/redis/url.js'
import { saleKeys } from '../../src/sale/keys.js'
import { type CliResult, shell, testFolder } from '../helpers/cli.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { testRedisUrl } from '../helpers/redis.js'

/** A connection for the length of the test. */
export const redisAt = async (url = testRedisUrl()): Promise<RedisPort> => {
  const client = await connectRedis(parseRedisUrl(url))
  onTestFinished(() => client.close())
  return client.redis
}

/** A server of this test alone, whose settings it may spoil. */
export const ownRedis = async (): Promise<{ url: string; redis: RedisPort }> => {
  const server = await startPrivateRedis()
  onTestFinished(server.stop)
  return { url: server.url, redis: await redisAt(server.url) }
}

/** Which keys of a sale there are, by name. */
export const keysOf = async (sale: string, url?: string): Promise<string[]> => {
  const redis = await redisAt(url)
  const there: string[] = []
  for (const key of Object.values(saleKeys(sale))) if ((await redis.call('EXISTS', key)) === 1) there.push(key)
  return there
}

/** Waits for a server that a test started; the test's own time bounds it. */
export const untilListening = async (port: number): Promise<void> => {
  while (!(await isListening(`http://127.0.0.1:${port}`))) await pause(20)
}

/** One `error: ` line, after at most the notes that name Redis and the sale file; nothing on stdout. */
export const expectRefusal = ({ code, stdout, stderr }: CliResult, exitCode: number, saying: RegExp): void => {
  expect(code, stdout + stderr).toBe(exitCode)
  expect(stdout).toBe('')
  const lines = stderr.trimEnd().split('\n')
  const last = lines.pop()
  expect(last).toMatch(/^error: /)
  expect(last).toMatch(saying)
  for (const line of lines) expect(line).toMatch(/^(redis|sale file) /)
}

/** Stops this folder's own Redis after the test, while there is a folder: what was registered last is done first. */
export const stopFolderRedisAfter = (): void => {
  testFolder()
  onTestFinished(async () => {
    await shell('seckill redis stop')
  })
}
