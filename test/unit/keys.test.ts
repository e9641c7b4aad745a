import { describe, expect, it } from 'vitest'
import { keysShareSlot, metaKey, parseSaleId, saleKeys, seedingKey, traceKeys } from '../../src/sale/keys.js'
import { fc } from '../helpers/fc.js'

describe('sale ids', () => {
  it.each(['a', 'A-1_b.c', '0', 'x'.repeat(64)])('%s is one', (id) => expect(parseSaleId(id)).toBe(id))
  it.each(['', ' ', 'a b', 'a{b}', 'a:b', 'a/b', 'a\n', '秒杀', 'x'.repeat(65)])('%j is none', (id) =>
    expect(() => parseSaleId(id)).toThrow(expect.objectContaining({ code: 'usage', exitCode: 2 })),
  )
})

describe('keys', () => {
  it('are those of the document', () =>
    expect(saleKeys('a')).toEqual({
      stock: 'goods_a',
      records: 'a_users',
      meta: 'seckill:{a}:meta',
      lock: 'seckill:{goods_a}:lock',
      orders: 'seckill:{goods_a}:orders',
      claims: 'seckill:{goods_a}:claims',
      jobs: 'seckill:{goods_a}:queue:orders',
    }))

  it('share a slot with hash tags', () => {
    const keys = saleKeys('a', { hashTag: true })
    expect(keys).toMatchObject({ stock: 'goods_{a}', records: '{a}_users', meta: 'seckill:{a}:meta' })
    expect(keysShareSlot(Object.values(keys))).toBe(true)
  })

  it('are the given ones', () => {
    const keys = saleKeys('a', { stockKey: 'shop:stock', recordsKey: 'shop:buyers', hashTag: true })
    expect(keys).toMatchObject({ stock: 'shop:stock', records: 'shop:buyers', meta: metaKey('a') })
  })

  const own = [
    metaKey('a'),
    metaKey('b'),
    saleKeys('a').lock,
    saleKeys('b').lock,
    saleKeys('a').orders,
    saleKeys('a').claims,
    'seckill:{a}:queue:a:wait',
    seedingKey('goods_a', 'x'),
    'seckill:{a}b}:lock',
    'seckill:{a\nb}:meta',
  ]

  it.each(own)('of our own are for nothing else: %j', (key) => {
    const refusal = expect.objectContaining({ code: 'usage', exitCode: 2, message: expect.stringContaining(key) })
    expect(() => saleKeys('a', { stockKey: key })).toThrow(refusal)
    expect(() => saleKeys('a', { recordsKey: key })).toThrow(refusal)
  })

  it.each(['seckill:{a}:metal', 'seckill:{a}:stock', 'seckill:a:meta', 'my:seckill:{a}:meta', 'seckill:{}:meta'])(
    'like our own are not: %s',
    (key) => expect(saleKeys('a', { stockKey: key }).stock).toBe(key),
  )

  it.each([
    { stockKey: 'k', recordsKey: 'k' },
    { stockKey: 'a_users' },
    { recordsKey: 'goods_a' },
    { recordsKey: 'goods_{a}', hashTag: true },
  ])('are two: not %j', (options) => {
    expect(() => saleKeys('a', options)).toThrow(/^stock and records cannot share the key /)
  })

  it.each([{ stockKey: '' }, { recordsKey: '' }])('have names: not %j', (options) => {
    expect(() => saleKeys('a', options)).toThrow(/is empty/)
  })

  it('are all different, or refused', () => {
    const name = fc.constantFrom(
      ...own,
      'goods_a',
      'a_users',
      'goods_{a}',
      '{a}_users',
      'x',
      'a',
      '{',
      '}',
      'seckill:{x}',
    )
    fc.assert(
      fc.property(name, name, fc.boolean(), (stockKey, recordsKey, hashTag) => {
        const keys = () => saleKeys('a', { stockKey, recordsKey, hashTag })
        if (own.includes(stockKey) || own.includes(recordsKey) || stockKey === recordsKey) expect(keys).toThrow()
        else expect(new Set([...Object.values(keys()), seedingKey(stockKey, 'x')]).size).toBe(8)
      }),
    )
  })

  it('of lock, orders and seeding share the slot of the stock key, and no two are alike', () => {
    // A key with a lone closing brace has no tag that leads to its slot.
    const stockKey = fc.oneof(
      fc.stringMatching(/^[a-z0-9:_.-]{1,20}$/),
      fc.stringMatching(/^[a-z:]{0,5}\{[a-z0-9]{1,8}\}[a-z:]{0,5}$/),
      fc.stringMatching(/^[a-z:]{0,5}\{[a-z0-9]{1,8}$/),
    )
    fc.assert(
      fc.property(stockKey, (stock) => {
        const keys = saleKeys('a', { stockKey: stock })
        expect(keysShareSlot([keys.stock, ...traceKeys(keys), seedingKey(stock, 'x')])).toBe(true)
        expect(new Set([...Object.values(keys), seedingKey(stock, 'x')]).size).toBe(8)
      }),
    )
  })
})

// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
describe('slots', () => {
  it.each([
    [['{user1000}.following', '{user1000}.followers'], true],
    [['foo{}{bar}', '{bar}'], false],
    [['foo{{bar}}zap', '{{bar}'], true],
    [['foo{bar}{zap}', '{bar}'], true],
    [['a', 'b'], false],
    [['a', '{a}x'], true],
    [['a'], true],
  ] as const)('%j share one: %s', (keys, shared) => {
    expect(keysShareSlot(keys)).toBe(shared)
  })
})
