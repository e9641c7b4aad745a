import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seckill, testFolder } from '../helpers/cli.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { freshSaleId, testRedisUrl } from '../helpers/redis.js'

/** A sale file in the test's folder, and a call there: its stderr, line by line. */
const inFolder = (path = 'seckill.yaml') => {
  const sale = freshSaleId()
  mkdirSync(join(testFolder(), 'shops'), { recursive: true })
  writeFileSync(
    join(testFolder(), path),
    `sale: { id: ${sale}, stock: { type: string-down, initial: 5 }, records: [{ type: hash }] }\n`,
  )
  const call = async (...args: string[]) => {
    const { code, stderr } = await seckill([...args, '--redis', testRedisUrl()])
    expect([0, 4], stderr).toContain(code)
    return stderr.trimEnd().split('\n')
  }
  return call
}

const REDIS = /^redis 127\.0\.0\.1:\d+\/0 \(--redis\)$/

describe('stderr', () => {
  it.each([
    ['init'],
    ['status'],
    ['simulate', '--strategy', 'counter-lua', '--users', '5'],
    ['simulate', '--strategy', 'counter-lua', '--users', '5', '--stock', '5'],
    ['buy', '--strategy', 'counter-lua'],
    ['audit'],
    ['reset', '--yes'],
    ['serve', '--port', '0', '--dry-run'],
    ['serve', '--port', '0', '--dry-run', '--workers', '2'],
  ])('of %s %s names Redis first, the sale file next', async (...args) => {
    const call = inFolder()
    if (args[0] !== 'init') await call('init')
    const [first, second] = await call(...args)
    expect(first).toMatch(REDIS)
    expect(second).toBe('sale file seckill.yaml')
  })

  it('of blast and buy on a server likewise', async () => {
    const call = inFolder()
    await call('init')
    const shop = await rawServer((_, socket) => socket.end(response('"很遗憾，抢购已经结束。"')))
    for (const args of [
      ['blast', shop.url, '--users', '5'],
      ['buy', shop.url],
    ]) {
      const [first, second] = await call(...args)
      expect([first, second]).toEqual([expect.stringMatching(REDIS), 'sale file seckill.yaml'])
    }
    await shop.close()
  })

  it('names the file as it was given', async () => {
    const call = inFolder('shops/b.yml')
    expect((await call('init', '--file', './shops/b.yml'))[1]).toBe('sale file ./shops/b.yml')
  })

  it('says nothing of a file that is not there', async () => {
    const { stderr } = await seckill(['init', '--stock', '5', '--redis', testRedisUrl(), '--sale', freshSaleId()])
    expect(stderr).not.toContain('sale file')
  })

  it('a private Redis is named first, too', async () => {
    inFolder()
    const args = ['simulate', '--strategy', 'counter-lua', '--stock', '5', '--users', '5', '--redis', 'private']
    const { stderr } = await seckill(args)
    expect(stderr.split('\n').slice(0, 2)).toEqual(['redis private (--redis)', 'sale file seckill.yaml'])
  })
})
