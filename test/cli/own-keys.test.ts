import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { saleKeys, seedingKey } from '../../src/sale/keys.js'
import { on, seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal, redisAt } from './world.js'

const fileSaying = (text: string) => writeFileSync(join(testFolder(), 'seckill.yaml'), text)

/** A live sale with a buyer, and how to see that nothing of it changed. */
const liveSale = async () => {
  const sale = freshSaleId()
  await seckill(['init', '--stock', '50', '--layout', 'counter', ...on(sale)])
  const redis = await redisAt()
  const keys = saleKeys(sale)
  await redis.hset(keys.records, 'ann', 1)
  const look = async () => Promise.all([keys.stock, keys.records, keys.meta].map((key) => redis.call('DUMP', key)))
  const before = await look()
  return { sale, unchanged: async () => expect(await look()).toEqual(before) }
}

const ownKeysOf = (sale: string) => {
  const { stock, meta, lock } = saleKeys(sale)
  return [meta, lock, seedingKey(stock, 'x'), saleKeys('another').meta]
}

describe('a key of seckill’s own holds neither stock nor records', () => {
  const CALLS = [
    ['init', '--stock', '7', '--layout', 'counter', '--force'],
    ['audit', '--stock', '7', '--layout', 'counter', '--run', 'none'],
    ['status', '--stock', '7', '--layout', 'counter'],
    ['reset', '--stock', '7', '--layout', 'counter', '--force', '--yes'],
  ]

  it.each(CALLS)('%s', async (...call) => {
    const { sale, unchanged } = await liveSale()
    for (const key of ownKeysOf(sale)) {
      expectRefusal(
        await seckill([...call, '--stock-key', key, ...on(sale)]),
        2,
        /^error: .* is a key of seckill’s own/,
      )
      expectRefusal(await seckill([...call, '--records-key', key, ...on(sale)]), 2, /seckill’s own; name another/)
    }
    await unchanged()
  })

  it('nor by the sale file, which says where', async () => {
    const { sale, unchanged } = await liveSale()
    const { meta, lock } = saleKeys(sale)
    fileSaying(`sale:\n  stock: { key: "${meta}", type: string-down }\n  records: [{ key: "${lock}" }]\n`)
    const result = await seckill(['init', '--stock', '7', '--force', ...on(sale)])
    expect(result.code).toBe(2)
    expect(result.stderr).toMatch(/^error: seckill\.yaml:2:17 sale\.stock\.key: .* seckill’s own/)
    expect(result.stderr).toMatch(/^seckill\.yaml:3:20 sale\.records\[0\]\.key: .* seckill’s own/m)
    await unchanged()
  })
})

describe('stock and records are two keys', () => {
  it.each([
    ['--stock-key', (sale: string) => saleKeys(sale).records],
    ['--records-key', (sale: string) => saleKeys(sale).stock],
  ] as const)('%s with the other’s name', async (flag, keyOf) => {
    const { sale, unchanged } = await liveSale()
    const args = ['init', '--stock', '7', '--layout', 'counter', '--force', flag, keyOf(sale)]
    expectRefusal(await seckill([...args, ...on(sale)]), 2, /cannot share the key/)
    await unchanged()
  })

  it('in the sale file too', async () => {
    fileSaying('sale:\n  stock: { key: k }\n  records: [{ key: k }]\n')
    expectRefusal(await seckill(['init', '--stock', '7', ...on(freshSaleId())]), 2, /seckill\.yaml:3:20 .*cannot share/)
  })

  it('and both have names', async () => {
    for (const flag of ['--stock-key', '--records-key'])
      expectRefusal(await seckill(['init', '--stock', '7', flag, '', ...on(freshSaleId())]), 2, /key .*is empty/)
  })
})

it('a sale whose meta is something else is replaced with --force', async () => {
  const { sale } = await liveSale()
  const redis = await redisAt()
  await redis.call('SET', saleKeys(sale).meta, '7')
  expect((await seckill(['status', ...on(sale)])).code).toBe(2)
  expect((await seckill(['init', '--stock', '7', '--force', ...on(sale)])).code).toBe(0)
  expect((await seckill(['status', ...on(sale)])).code).toBe(0)
})
