import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadSaleFile } from '../../src/sale-file/load.js'
import { filesLeft, seckill, shell, testFolder } from '../helpers/cli.js'
import { blocksOf, pathOf, readDocument } from '../helpers/docs.js'
import { looseShop, SAYS } from '../helpers/loose-shop.js'
import * as jmx from '../helpers/plans.js'
import { expectRefusal } from './world.js'

const DOCUMENT = readFileSync(pathOf('test/fixtures/plans/document.jmx'), 'utf8')

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(testFolder(), name), content)
  return name
}

const read = (name: string): string => readFileSync(join(testFolder(), name), 'utf8')

it('the plan of the document becomes a scenario that fires at a shop', async () => {
  const buyers: [string, number][] = []
  const shop = new URL(
    await looseShop(async (user, units) => {
      buyers.push([user, units])
      return SAYS.sold
    }),
  )
  const plan = write(
    'plan.jmx',
    DOCUMENT.replace('<stringProp name="HTTPSampler.path">/seckill<', '<stringProp name="HTTPSampler.path">/buy<'),
  )
  const imported = await seckill(['import', plan, '--out', 'seckill.yaml', '--stock', '1000'])
  expect(imported.code, imported.stderr).toBe(0)
  expect(imported.stderr).toContain('plan.jmx:34 changed: SyncTimer "Synchronizing Timer": ')
  expect(imported.stderr).toContain('plan.jmx:109 NOT KEPT: HTTPSamplerProxy "POST /incr": ')
  const env = { SHOP_PORT: shop.port }
  const { code, stdout, stderr } = await seckill(['run', '--only', 'seed,blast', '--json'], { env })
  expect(code, stderr).toBe(0)
  const { blast, init } = JSON.parse(stdout)
  expect(init.stock).toBe(1000)
  expect(blast).toMatchObject({ attempts: 200, outcomes: { sold: 200 } })
  expect(new Set(buyers.map(([user]) => user)).size).toBe(200)
  expect(new Set(buyers.map(([, units]) => units))).toEqual(new Set([1, 2]))
})

it('prints the sale file, and with --json one document', async () => {
  const plan = write('plan.jmx', DOCUMENT)
  const { stdout } = await seckill(['import', plan, '--quiet'])
  write('out.yaml', stdout)
  const file = await loadSaleFile({ cwd: testFolder(), path: 'out.yaml', env: {} })
  expect(file?.target?.url).toBe('http://127.0.0.1:5000')
  const { yaml, notes, sampler, out } = JSON.parse((await seckill(['import', plan, '--json'])).stdout)
  expect([yaml.trimEnd(), sampler, out]).toEqual([stdout.trimEnd(), { name: 'POST /seckill', line: 39 }, null])
  expect(notes[0]).toMatchObject({ kind: 'changed', line: 23, element: 'ThreadGroup' })
})

it('in Chinese', async () =>
  expect((await seckill(['import', write('plan.jmx', DOCUMENT), '--lang', 'zh'])).stderr).toContain(
    'plan.jmx:34 已改写: SyncTimer "Synchronizing Timer": 集合点变为齐发',
  ))

it('a CSV file of users comes along, and secrets do not', async () => {
  const data = jmx.element('CSVDataSet', {
    props: [jmx.prop('filename', 'C:\\tests\\people.csv'), jmx.prop('variableNames', 'name,token')],
  })
  const buy = jmx.sampler('buy', { url: new URL('http://h/buy'), form: { username: '${name}', token: '${token}' } })
  const headers = jmx.headerManager({ Authorization: 'Basic U2VzYW1l', 'X-Sale': '7' })
  write('plan.jmx', jmx.plan([jmx.threadGroup('g', { threads: 5 }, [data, headers, buy])]))
  write('people.csv', 'ann,1\nbob,2\nann,3\n')
  const { code, stderr } = await seckill(['import', 'plan.jmx', '--out', 'out.yaml'])
  expect(code, stderr).toBe(0)
  expect(read('out.users.csv')).toBe('user,token\nann,1\nbob,2\n')
  expect(read('out.yaml') + stderr).not.toContain('U2VzYW1l')
  const file = await loadSaleFile({ cwd: testFolder(), path: 'out.yaml', env: { SHOP_AUTHORIZATION: 'x' } })
  expect(file?.load).toMatchObject({ users: 2, usernames: '@out.users.csv' })
  expect(file?.target).toMatchObject({
    form: { username: '{{user}}', token: '{{token}}' },
    headers: { Authorization: 'x', 'X-Sale': '7' },
  })
})

it.each([
  [['plan.jmx', '--out', 'there.yaml'], /there\.yaml is there already; choose another name, or --force/],
  [['large.jmx'], /large\.jmx is larger than 4 MB/],
  [['cut.jmx'], /cut\.jmx:\d+ is no XML/],
  [['entity.jmx'], /entity\.jmx declares a document type/],
  [['latin.jmx'], /latin\.jmx is not in UTF-8/],
  [['none.jmx'], /no file at none\.jmx/],
  [['.'], /cannot read \. \(it is a folder\)/],
])('%j is refused in one line, and nothing is written', async (args, saying) => {
  write('plan.jmx', DOCUMENT)
  write('there.yaml', 'expect: pass\n')
  write('large.jmx', Buffer.alloc(5_000_000))
  write('cut.jmx', DOCUMENT.slice(0, 900))
  write('entity.jmx', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<jmeterTestPlan>&x;</jmeterTestPlan>')
  write('latin.jmx', Buffer.from([0x3c, 0x61, 0x3e, 0xff]))
  expectRefusal(await seckill(['import', ...args]), 2, saying)
  expect(filesLeft()).toHaveLength(6)
})

it('--force writes over a file', async () => {
  write('plan.jmx', DOCUMENT)
  write('there.yaml', 'expect: pass\n')
  expect((await seckill(['import', 'plan.jmx', '--out', 'there.yaml', '--force'])).code).toBe(0)
  expect(read('there.yaml')).toContain('burst: true')
})

it('the example of docs/scenarios.md prints what it shows', async () => {
  write('document.jmx', DOCUMENT)
  const blocks = blocksOf(readDocument('docs/scenarios.md'))
  const [command] = blocks.filter(({ text }) => text.startsWith('seckill import '))
  const [shown] = blocks.filter(({ text }) => text.startsWith('document.jmx:'))
  const { code, stderr } = await shell(command!.text)
  expect(code, stderr).toBe(0)
  expect(stderr).toContain(shown!.text)
})
