import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { filesLeft, SECKILL_BIN, seckill, seckillStart, testFolder } from '../helpers/cli.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { testRedisUrl } from '../helpers/redis.js'
import { RACE, smallSale } from '../helpers/scenario.js'
import { expectRefusal } from './world.js'

const literal = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))

const DOCS = fileURLToPath(new URL('../../docs/scenarios.md', import.meta.url))

const write = (name: string, text: string): string => {
  writeFileSync(join(testFolder(), name), text)
  return name
}

const soldOut = async () => {
  const server = await rawServer((_, socket) => socket.write(response('"很遗憾，抢购已经结束。"')))
  onTestFinished(server.close)
  return server.url
}

it('the scenario of docs/scenarios.md is one', async () => {
  const [, text = ''] = /```yaml\n(# yaml-language-server[\s\S]*?)```/.exec(readFileSync(DOCS, 'utf8')) ?? []
  write('seckill.yaml', text)
  const { code, stdout, stderr } = await seckill(['run'])
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/^as expected {2}seckill\.yaml: the sale was correct\n/)
})

describe('seckill run', () => {
  it('seeds, starts the shop, fires and audits; the verdict comes first', async () => {
    const { code, stdout, stderr } = await seckill(['run', write('s.yaml', smallSale('counter-lua'))])
    expect(code, stderr).toBe(0)
    expect(stdout).toMatch(/^as expected {2}s\.yaml: the sale was correct\n\n/)
    const steps = stderr.split('\n').map((line) => line.split(' ')[0])
    expect(steps.slice(0, 5)).toEqual(['redis', 'sale', 'seed', 'blast', 'audit'])
    expect(stderr).toContain('redis private (default)')
  })

  it('takes the seckill.yaml that lies here, and prints one document', async () => {
    write(
      'seckill.yaml',
      smallSale('counter-lua', 'thresholds: ["sold == 5", "stock.remaining == 0", "race.schedules > 1"]'),
    )
    const { code, stdout } = await seckill(['run', '--json'])
    const json = JSON.parse(stdout)
    expect(json).toMatchObject({ command: 'run', verdict: 'pass', expected: 'pass', asExpected: true, race: null })
    expect(json.init.stock).toBe(5)
    expect(json.blast.outcomes).toEqual({ sold: 5, sold_out: 35 })
    expect(json.audit.stock).toMatchObject({ initial: 5, remaining: 0, sold: 5 })
    // Those of a race that was not asked for are nobody's.
    expect(json.thresholds.map((it: { expression: string; verdict: string }) => [it.expression, it.verdict])).toEqual([
      ['sold == 5', 'pass'],
      ['stock.remaining == 0', 'pass'],
    ])
    expect(code).toBe(0)
  })

  it('says what is wrong with a sale in its first lines, and exits with 10', async () => {
    const text = smallSale('counter-naive', RACE)
    const { code, stdout, stderr } = await seckill(['run', write('s.yaml', text)])
    expect(code, stderr).toBe(10)
    expect(stdout.split('\n')[0]).toMatch(/^FAIL {2}s\.yaml: expected pass, found fail \(.*conservation.*\)$/)
    expect(stdout).toMatch(/again \(0 preemptions\): seckill race --file \S*s\.yaml --users/)
    expect(stdout).not.toContain('redis-cli')
  })

  it('--report writes the page of the run, with its audit and race', async () => {
    const file = write('s.yaml', smallSale('counter-naive', RACE))
    const { code, stdout } = await seckill(['run', file, '--report', 'out.html', '--json'])
    expect(code).toBe(10)
    expect(JSON.parse(stdout)).toMatchObject({ race: { verdict: 'fail' }, report: join(testFolder(), 'out.html') })
    const page = readFileSync(join(testFolder(), 'out.html'), 'utf8')
    for (const part of ['no-oversell', 'HGET', 'DECRBY']) expect(page).toContain(part)
    const again = (report: string) => seckill(['run', file, '--only', 'seed', '--report', report])
    expect((await again('out.html')).code, 'its own report is replaced').toBe(0)
    expectRefusal(await again(write('mine.html', '<p>mine')), 2, /mine\.html is there already/)
  })

  it('a sale that passes though it should fail is found out', async () => {
    const { code, stdout } = await seckill(['run', write('s.yaml', smallSale('counter-lua', 'expect: [no-oversell]'))])
    expect(stdout.split('\n')[0]).toBe('pass  s.yaml: expected fail by no-oversell, found pass')
    expect(code).toBe(10)
  })

  it('a missed threshold alone is 99', async () => {
    const file = write('s.yaml', smallSale('counter-lua'))
    expect((await seckill(['run', file, '--threshold', 'sold == 4'])).code).toBe(99)
    expect((await seckill(['run', file, '--threshold', 'stock.remaining == 1'])).code).toBe(99)
  })

  it('makes only the steps asked for', async () => {
    const file = write('s.yaml', smallSale('counter-lua', RACE))
    const { code, stdout } = await seckill(['run', file, '--only', 'race', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ init: null, blast: null, audit: null, race: { verdict: 'pass' } })
    expect(filesLeft().filter((name) => name.endsWith('.run'))).toEqual([])
  })

  it('on a Redis of yours the sale stays', async () => {
    const id = `run-${process.pid}-${Date.now().toString(36)}`
    const file = write('s.yaml', smallSale('counter-lua').replace('small', id))
    const redis = ['--redis', testRedisUrl()]
    expect((await seckill(['run', file, ...redis])).code).toBe(0)
    const { stdout } = await seckill(['status', '--file', file, '--json', ...redis])
    expect(JSON.parse(stdout)).toMatchObject({ sale: id, stock: { initial: 5, remaining: 0 }, sold: 5 })
    await seckill(['reset', '--file', file, '--yes', ...redis])
  })

  it.each([
    ['command', 'seed: { command: "sh seed.sh" }'],
    ['none', 'seed: none'],
  ])('a sale that is seeded by others (%s) is read before the first purchase', async (how, seed) => {
    write('seed.sh', 'echo SET goods_small 5 | redis-cli -u "$REDIS_URL" >/dev/null')
    const start =
      how === 'none'
        ? `sh seed.sh && exec ${process.execPath} ${SECKILL_BIN} serve --port {port}`
        : 'seckill serve --port {port}'
    const text = smallSale('counter-lua')
      .replace('initial: 5', '')
      .replace('seckill serve --port {port}', `'${start}'`)
      .replace('id: small,', `id: small, ${seed},`)
    const { code, stdout, stderr } = await seckill(['run', write('s.yaml', text), '--json'])
    expect(code, stdout + stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ init: null, verdict: 'pass', audit: { stock: { initial: 5, sold: 5 } } })
  })

  it('--save makes a scenario of what worked', async () => {
    const url = 'http://127.0.0.1:{port}/buy/counter-lua'
    const flags = ['--stock', '5', '--layout', 'counter', '--users', '30', '--quantity', '1', '--concurrency', '9']
    const more = [
      '--start',
      'seckill serve --port {port}',
      '--header',
      'Authorization: Bearer s3same',
      '--save',
      'made.yaml',
    ]
    const first = await seckill(['run', url, ...flags, ...more, '--outcome', 'error=json:$.code=7'])
    expect(first.code, first.stderr).toBe(0)
    const text = readFileSync(join(testFolder(), 'made.yaml'), 'utf8')
    expect(text).toMatch(/^# yaml-language-server: \$schema=/)
    expect(text).not.toContain('s3same')
    const env = { SHOP_AUTHORIZATION: 'Bearer s3same' }
    const { code, stdout, stderr } = await seckill(['run', 'made.yaml', '--json'], { env })
    expect(code, stdout + stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'pass',
      blast: { users: 30, concurrency: 9 },
      init: { stock: 5 },
    })
    expectRefusal(await seckill(['run', url, ...flags, ...more]), 2, /made\.yaml is there already; choose another name/)
  })

  it('Ctrl-C ends it with what was reached', async () => {
    const text = smallSale('counter-lua', '').replace('users: 40', 'users: 1000000')
    const running = seckillStart(['run', write('s.yaml', text), '--json'])
    await running.waitFor(/^seed /m)
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (!filesLeft().some((name) => name.endsWith('.run'))) return
        clearInterval(look)
        resolve()
      }, 20)
    })
    running.kill('SIGINT')
    const { code, stdout } = await running.exited
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ command: 'run', blast: { interrupted: true }, audit: null })
  })
})

it('Ctrl-C while the shop is starting ends it at once', async () => {
  const start = "start: sh -c 'echo up > started; exec sleep 50'"
  write('s.yaml', smallSale('counter-lua').replace(/start: .*/, start))
  const running = seckillStart(['run', 's.yaml'])
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!filesLeft().includes('started')) return
      clearInterval(look)
      resolve()
    }, 20)
  })
  running.kill('SIGINT')
  const { code, stderr } = await running.exited
  expect(code, stderr).toBe(130)
  expect(stderr).toContain('interrupted while the server was starting')
})

describe('bad input of run', () => {
  it.each([
    [['run'], 2, 'nothing to run: no seckill.yaml lies here'],
    [['run', 'none.yaml'], 2, 'no sale file at none.yaml'],
    [['run', 's.yaml', '--only', 'audit'], 2, 'there is nothing to audit'],
    [['run', 's.yaml', '--only', 'blust'], 2, 'no step "blust"; did you mean blast?'],
    [['run', 's.yaml', '--file', 't.yaml'], 2, 's.yaml and --file name two sale files'],
    [['run', 's.yaml', '--threshold', 'p98 << 3'], 2, 'threshold "p98 << 3"'],
    [['run', 's.yaml', '--save', 's.yaml'], 2, 's.yaml is there already'],
  ] as const)('%j', async (args, code, message) => {
    write('s.yaml', smallSale('counter-lua'))
    write('t.yaml', smallSale('counter-lua'))
    expectRefusal(await seckill([...args]), code, literal(message))
  })

  it.each([
    ['expect: passed', 's.yaml:7:9 expect: must be pass, fail, inconclusive or a list of rules'],
    ['race: { user: 2 }', 's.yaml:7:9 race: unknown key "user"; did you mean users?'],
    ['audit: { settle: soon }', 's.yaml:7:18 audit.settle: "soon" is not a time such as 500ms, 10s or 2m'],
    ['extends: nowhere.yaml', 's.yaml:7:10 extends: no sale file at nowhere.yaml'],
    ['extends: s.yaml', 's.yaml:7:10 extends: goes round: s.yaml → s.yaml'],
    ['extends: lib/base.yaml', 'lib/base.yaml:2:9 load: unknown key "usres"; did you mean users?'],
  ])('%s', async (more, message) => {
    mkdirSync(join(testFolder(), 'lib'))
    write('lib/base.yaml', 'invariants: { no-undersell: warn }\nload: { usres: 3 }\n')
    write('s.yaml', smallSale('counter-lua', more))
    expectRefusal(await seckill(['run', 's.yaml']), 2, literal(message))
  })

  it('a shop that is not there is told as that', async () => {
    const { code, stderr } = await seckill(['run', 'http://127.0.0.1:1/buy', '--stock', '5'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/\nerror: .*127\.0\.0\.1:1/)
  })

  it('a race needs a shop that can be copied', async () => {
    write('s.yaml', `target: { url: ${await soldOut()} }\nsale: { stock: { initial: 5 } }\nrace: {}\n`)
    expectRefusal(await seckill(['run', 's.yaml']), 2, /s\.yaml:3:7 race: race starts the shop itself/)
  })

  it('a seed that fails is told before anything is fired', async () => {
    const text = smallSale('counter-lua').replace(
      'id: small,',
      'id: small, seed: { command: "echo no stock here; exit 3" },',
    )
    const { code, stderr } = await seckill(['run', write('s.yaml', text)])
    expect(code).toBe(3)
    expect(stderr).toContain("the sale file's seed failed (exit code 3): no stock here; try it by itself")
    expect(filesLeft()).toEqual(['s.yaml'])
  })
})

it.each([
  [
    'scenarios/flask-conter.yaml',
    /no scenario scenarios\/flask-conter\.yaml.*; did you mean scenarios\/flask-counter\.yaml\?/,
  ],
  ['scenarios/user-keys', /; did you mean scenarios\/user-keys\.yaml\?/],
  ['scenarios/something-else.yaml', /; one of: flask-basic-fixed\.yaml, .*user-keys\.yaml$/],
])('no scenario %s: the shipped ones are named', async (path, saying) => {
  const logs = filesLeft()
  expectRefusal(await seckill(['run', path]), 2, saying)
  expect(filesLeft()).toEqual(logs)
})
