import { spawnSync } from 'node:child_process'
import type { TestProject } from 'vitest/node'
import { startPrivateRedis } from './private-redis.js'

/** Once for the whole run: dist as new as src (some tests run the real binary), and one Redis server for all test files. */
export default async function globalSetup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const build = "import('./scripts/build.mjs').then((build) => process.exit(build.buildIfStale()))"
  const { status } = spawnSync(process.execPath, ['-e', build], { cwd: project.config.root, stdio: 'inherit' })
  if (status !== 0) project.vitest.logger.warn('dist was built from src with errors: npm run build shows them')

  const given = process.env.SECKILL_TEST_REDIS
  if (given) {
    project.provide('redisUrl', given)
    return undefined
  }
  const redis = await startPrivateRedis()
  project.provide('redisUrl', redis.url)
  return redis.stop
}
