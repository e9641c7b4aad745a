import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { on, runLogs, seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal } from './world.js'

const seed = async (sale: string) => {
  const { code, stderr } = await seckill(['init', '--stock', '5', '--layout', 'counter', ...on(sale)])
  expect(code, stderr).toBe(0)
}

/** A sale with one run of 3,000 attempts: more than one chunk of the log. Gives back its path. */
const ran = async (sale: string): Promise<string> => {
  await seed(sale)
  const args = ['simulate', '--strategy', 'counter-lua', '--users', '3000', '--quantity', '1', ...on(sale)]
  const { code, stderr } = await seckill(args)
  expect(code, stderr).toBe(0)
  return runLogs().at(-1) as string
}

const audit = (sale: string, ...args: string[]) => seckill(['audit', ...args, ...on(sale)])

describe('a run log that is cut', () => {
  it.each([0.3, 0.7, 0.999])('after %f of it: inconclusive, and says so', async (share) => {
    const sale = freshSaleId()
    const log = await ran(sale)
    expect((await audit(sale)).code).toBe(0)
    truncateSync(log, Math.floor(readFileSync(log).length * share))
    for (const flags of [[], ['--run', log], ['--run', 'latest']]) {
      const { code, stdout } = await audit(sale, ...flags)
      expect(code, stdout).toBe(4)
      expect(stdout).toMatch(/^inconclusive /m)
      expect(stdout.replace(/\s*│\n│[│\s]*│\s*/g, ' ')).toContain('a run log ends early')
    }
  })

  it('in its first line', async () => {
    const sale = freshSaleId()
    const log = await ran(sale)
    truncateSync(log, 60)
    expectRefusal(await audit(sale, '--run', log), 2, /is not a run log, or it is cut in its first line/)
    // Without its header it belongs to nobody.
    expect((await audit(sale)).code).toBe(4)
  })

  it('a flipped byte: inconclusive', async () => {
    const sale = freshSaleId()
    const log = await ran(sale)
    const bytes = readFileSync(log)
    bytes[bytes.indexOf('ATTS') + 100]! ^= 1
    writeFileSync(log, bytes)
    const { code, stdout } = await audit(sale)
    expect(code, stdout).toBe(4)
  })
})

describe('a run log that does not fit', () => {
  it('of another sale', async () => {
    const [sale, other] = [freshSaleId(), freshSaleId()]
    const log = await ran(other)
    await seed(sale)
    expectRefusal(await audit(sale, '--run', log), 2, new RegExp(`is a run of sale ${other}; .*${sale}`))
    const { code, stdout } = await audit(sale)
    expect(code).toBe(4)
    expect(stdout).toContain('there is no run of this sale')
  })

  it('of an earlier seeding', async () => {
    const sale = freshSaleId()
    const log = await ran(sale)
    await seed(sale)
    expectRefusal(await audit(sale, '--run', log), 2, new RegExp(`is a run of another seeding of sale ${sale}`))
    expect((await audit(sale)).code).toBe(4)
  })

  it('of a newer seckill', async () => {
    const sale = freshSaleId()
    const log = await ran(sale)
    const [header = '', ...rest] = readFileSync(log, 'latin1').split('\n')
    const newer = JSON.stringify({ ...JSON.parse(header), version: 99 })
    writeFileSync(log, [newer, ...rest].join('\n'), 'latin1')
    expectRefusal(await audit(sale, '--run', log), 2, /newer seckill \(run log version 99\); upgrade/)
  })

  it.each([
    ['text', 'no run log\n'],
    ['other JSON', '{"format":"something"}\n'],
    ['a header without members', '{"format":"seckill-run","version":1}\n'],
    ['JSON that is no object', 'null\n'],
    ['nothing', ''],
  ])('a file of %s', async (_what, text) => {
    const sale = freshSaleId()
    await seed(sale)
    const path = join(testFolder(), 'file.run')
    writeFileSync(path, text)
    expectRefusal(await audit(sale, '--run', 'file.run'), 2, /file\.run is not a run log/)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it.each(['none.run', '.'])('--run %s', async (path) => {
    const sale = freshSaleId()
    await seed(sale)
    expectRefusal(await audit(sale, '--run', path), 2, /run log/)
  })

  it('lies beside others in the folder: it may be one of this sale, so nothing passes, and it is named', async () => {
    const sale = freshSaleId()
    const log = await ran(sale)
    const junk = join(testFolder(), '.seckill/runs/99999999-junk.run')
    writeFileSync(junk, 'junk')
    const { code, stderr } = await audit(sale)
    expect(code).toBe(4)
    expect(stderr).toMatch(/warning: .*99999999-junk\.run is not a run log.*remove it$/m)
    rmSync(junk)
    copyFileSync(log, join(testFolder(), 'kept.run'))
    expect((await audit(sale, '--run', 'kept.run')).code).toBe(0)
  })

  it.each(['users', 'startedAt', 'atStart'])(
    'without %s in its header it is none, alone or beside others',
    async (member) => {
      const sale = freshSaleId()
      const log = await ran(sale)
      const [header = '', ...rest] = readFileSync(log, 'latin1').split('\n')
      const short = JSON.stringify({ ...JSON.parse(header), [member]: undefined })
      writeFileSync(log, [short, ...rest].join('\n'), 'latin1')
      expectRefusal(await audit(sale, '--run', log), 2, /is not a run log: its first line lacks/)
      const { code, stderr } = await audit(sale)
      expect(code, stderr).toBe(4)
      expect(stderr).toMatch(/warning: .*\.run is not a run log/)
    },
  )

  it('lies there twice: it counts once', async () => {
    const sale = freshSaleId()
    copyFileSync(await ran(sale), join(testFolder(), '.seckill/runs/99999999-copy.run'))
    const { code, stdout } = await audit(sale)
    expect(code, stdout).toBe(0)
    expect(stdout).toContain('5 acknowledged')
  })
})

describe('one of several runs', () => {
  it('accuses nobody for what a later one gave', async () => {
    const sale = freshSaleId()
    await seed(sale)
    const buy = async (quantity: number) => {
      const words = ['buy', '--strategy', 'counter-lua', '--user', 'ann', '--quantity', `${quantity}`]
      const { stderr } = await seckill([...words, ...on(sale)])
      return /^run log (.*)$/m.exec(stderr)?.[1] as string
    }
    await seckill(['simulate', '--strategy', 'counter-lua', '--users', '4', '--quantity', '1', ...on(sale)])
    const refused = await buy(2)
    const sold = await buy(1)
    const { code, stdout } = await audit(sale, '--run', refused)
    expect(code, stdout).toBe(4)
    expect(stdout.replace(/\s*│\n│[│\s]*│\s*/g, ' ')).toContain(
      'a run log of this sale went on beside or after this one',
    )
    expect((await audit(sale, '--run', sold)).code).toBe(0)
    expect((await audit(sale)).code).toBe(0)
  })
})

describe('without Redis', () => {
  it('runs that were fired with it still convict', async () => {
    const sale = freshSaleId()
    const log = await ran(sale)
    const nowhere = ['--redis', `redis://127.0.0.1:${await freePort()}`, '--sale', sale, '--layout', 'counter']
    for (const flags of [[], ['--run', log]]) {
      const { code, stdout, stderr } = await seckill(['audit', '--stock', '3', ...flags, ...nowhere])
      expect(code, stderr).toBe(10)
      expect(stdout).toMatch(/FAIL +│ no-oversell/)
    }
  })
})

describe('rules that ask for what the run log does not keep', () => {
  it('are told in a warning; their answers count as unknown, not as whatever one of them said', async () => {
    const sale = freshSaleId()
    await seed(sale)
    let left = 0
    const shop = createServer((_request, response) => {
      response.end(JSON.stringify({ code: 0, left: left++ }))
    }).listen(0, '127.0.0.1')
    await once(shop, 'listening')
    onTestFinished(() => void shop.close())
    const url = `http://127.0.0.1:${(shop.address() as { port: number }).port}/buy`
    const fired = await seckill(['blast', url, '--users', '10', '--quantity', '1', ...on(sale)])
    expect(fired.code, fired.stderr).toBe(0)
    const { stdout, stderr } = await audit(
      sale,
      '--outcome',
      'sold_out=json:$.left=0',
      '--outcome',
      'sold=json:$.code=0',
    )
    expect(stderr).toContain('warning: 10 answers count as unknown: these rules ask for what the run log does not keep')
    expect(stdout).toContain('0 acknowledged')
  })

  it('of this sale that made room for newer ones is missed', async () => {
    const sale = freshSaleId()
    await ran(sale)
    const { saleUuid } = JSON.parse((await seckill(['audit', '--json', ...on(sale)])).stdout)
    const gone = { runId: 'old', sale, saleUuid }
    writeFileSync(join(testFolder(), '.seckill', 'runs', 'removed.ndjson'), `${JSON.stringify(gone)}\n`)
    const { code, stdout } = await audit(sale)
    expect(code).toBe(4)
    expect(stdout).toMatch(/inconclusive │ no-oversell.*│ a run log of this sale made room for newer/)
    expect((await audit(sale, '--run', 'none')).code).toBe(0)
  })
})
