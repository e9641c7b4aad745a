import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { ownRedis } from './world.js'

/** A server of the test's own with a simulated sale on it. */
const soldOn = async (...flags: string[]) => {
  const { url, redis } = await ownRedis()
  const sale = freshSaleId()
  const where = ['--redis', url, '--sale', sale]
  const simulate = ['simulate', '--strategy', 'counter-lua', '--stock', '5', '--users', '20', ...flags]
  expect((await seckill([...simulate, ...where])).code).toBe(0)
  const audit = async (at = url) => {
    const { code, stdout, stderr } = await seckill(['audit', '--json', '--redis', at, '--sale', sale])
    return { code, stderr, ...(JSON.parse(stdout) as { verdict: string; warnings: string[]; remarks: string[] }) }
  }
  return { sale, url, redis, audit }
}

const keysOf = (sale: string) => [`goods_${sale}`, `${sale}_users`, `seckill:{${sale}}:meta`]

it('an eviction policy that may throw the sale away is a warning, no verdict', async () => {
  const { redis, audit } = await soldOn()
  expect((await audit()).stderr).not.toContain('warning')
  await redis.call('CONFIG', 'SET', 'maxmemory', 2 ** 28, 'maxmemory-policy', 'allkeys-lru')
  const { verdict, warnings, stderr } = await audit()
  expect(verdict).toBe('pass')
  expect(warnings).toContainEqual(expect.stringContaining('maxmemory 256 MB with policy allkeys-lru'))
  expect(stderr).toContain('warning: Redis may evict keys of the sale')
})

it('keys evicted since the run began are counted', async () => {
  const { redis, audit } = await soldOn()
  await redis.call('CONFIG', 'SET', 'maxmemory-policy', 'volatile-random')
  await redis.call('SET', 'fat', 'x'.repeat(2_000_000), 'EX', 1_000)
  await redis.call('CONFIG', 'SET', 'maxmemory', 1)
  await redis.call('SET', 'more', 1).catch(() => {})
  await redis.call('CONFIG', 'SET', 'maxmemory', 0)
  expect((await audit()).warnings).toContainEqual(expect.stringMatching(/evicted \d+ keys since the run began/))
})

it('a sale that moved to another server, as by a failover, is no witness: inconclusive', async () => {
  const { sale, url, redis, audit } = await soldOn()
  const other = await ownRedis()
  const { port } = new URL(other.url)
  for (const key of keysOf(sale)) await redis.call('MIGRATE', '127.0.0.1', port, key, 0, 5_000, 'COPY')
  const { code, verdict, warnings } = await audit(other.url)
  expect([code, verdict]).toEqual([4, 'inconclusive'])
  expect(warnings).toContainEqual(expect.stringContaining('restarted or failed over since the run began'))
  expect((await audit(url)).verdict).toBe('pass')
})

it('a key with a lifetime that init did not give it is named, unless the sale is over by then', async () => {
  const { sale, redis, audit } = await soldOn()
  await redis.call('EXPIRE', `${sale}_users`, 300)
  expect((await audit()).warnings).toContainEqual(
    expect.stringMatching(/_users expires in \d+ s, no sale\.window\.end/),
  )
  writeFileSync(join(testFolder(), 'seckill.yaml'), 'sale: { window: { end: 2020-01-01T00:00:00Z } }')
  expect((await audit()).stderr).not.toContain('expires in')
})

it('a server that lets nobody ask is judged all the same', async () => {
  const { url, redis, audit } = await soldOn()
  await redis.call('ACL', 'SETUSER', 'guest', 'on', '>pw', '~*', '+@all', '-info', '-config')
  const { verdict, warnings, remarks } = await audit(url.replace('redis://', 'redis://guest:pw@'))
  expect(verdict).toBe('pass')
  expect(warnings).toEqual([])
  expect(remarks).toContainEqual(expect.stringContaining('not readable from this Redis: its run id'))
})

it('a replica far from its primary is not taken for the sale', async () => {
  const { url, redis } = await ownRedis()
  const sale = freshSaleId()
  await redis.call('REPLICAOF', '127.0.0.1', 1)
  const flags = ['--layout', 'counter', '--stock', '5', '--run', 'none', '--json', '--redis', url, '--sale', sale]
  const { stdout } = await seckill(['audit', ...flags])
  expect(JSON.parse(stdout).warnings).toContainEqual(expect.stringContaining('link to the primary is down'))
})
