import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { answerOf } from '../../src/history/answer.js'
import { presetPlaces } from '../../src/sale/layout.js'
import { loadSaleFile, parseSaleFile } from '../../src/sale-file/load.js'
import { saleFileJsonSchema } from '../../src/sale-file/schema.js'

const parse = (text: string, env = {}) => parseSaleFile(text, 'seckill.yaml', env)

const problems = (text: string, env = {}): string[] => {
  try {
    parse(text, env)
  } catch (error) {
    if (error instanceof SeckillError && error.code === 'sale_file') return error.message.split('\n')
    throw error
  }
  return []
}

const FULL = `
sale:
  id: shoes
  stock:   { key: goods_a, type: string-down, initial: 50 }
  records: [ { key: a_users, type: hash } ]
  perUser: { orders: 1, units: 2 }
  window:  { start: 2026-11-11T20:00:00+08:00, end: 2026-11-11T21:00:00+08:00 }
target:
  url: http://127.0.0.1:{port}/seckill
  method: POST
  form: { username: "{{user}}", purchase: "{{quantity}}", channel: 7 }
  headers: { X-Trace: "t-{{index}}" }
  start: gunicorn -b 127.0.0.1:{port} app:app
  ready: http://127.0.0.1:{port}/healthz
  timeout: 500ms
outcomes:
  - { json: "$.code", equals: 0, is: sold }
  - { status: 5xx, is: error }
load:
  { users: 20000, concurrency: 500, quantity: 1-2, duplicates: 5%, usernames: zh, seed: 7, rate: 100/s..500/s,
    duration: 1m, warmup: 500ms, attemptsPerUser: 2, workers: auto }
invariants: { real-time-order: off, no-undersell: warn }
`

const pollIn = (poll: string) => `target:\n  url: http://127.0.0.1:1/buy\n  poll: ${poll}\n`

describe('target.poll', () => {
  it('says how queued attempts are followed', () => {
    expect(parse(pollIn('{ request: "GET /orders/{{ticket}}" }')).target?.poll).toEqual({
      ...{ request: 'GET /orders/{{ticket}}', form: undefined, json: undefined, headers: undefined },
      ...{ ticket: 'json:$.ticket', intervalMs: 200, timeoutMs: 30_000, outcomes: [] },
    })
    const whole = parse(
      pollIn(`
    request: POST /result
    json: { ticket: "{{ticket}}", user: "{{user}}" }
    headers: { X-Try: 1 }
    ticket: header:X-Order
    interval: 1s
    timeout: 1m
    outcomes: [ { json: "$.data", equals: -1, is: sold_out }, { status: 404, is: rejected } ]`),
    )
    expect(whole.target?.poll).toEqual({
      ...{ request: 'POST /result', form: undefined, json: { ticket: '{{ticket}}', user: '{{user}}' } },
      ...{ headers: { 'X-Try': '1' }, ticket: 'header:X-Order', intervalMs: 1_000, timeoutMs: 60_000 },
      outcomes: ['sold_out=json:$.data=-1', 'rejected=status:404'],
    })
  })

  it.each([
    ['{ interval: 1s }', /^seckill.yaml:3:9 target.poll.request: is missing/],
    ['{ request: orders }', /^seckill.yaml:3:20 target.poll.request: --poll "orders" is no request/],
    ['{ request: "GET /o/{{tickte}}" }', /^seckill.yaml:3:20 target.poll.request: unknown placeholder {{tickte}}/],
    ['{ request: GET /o, form: { a: 1 } }', /^seckill.yaml:3:34 target.poll.form: GET carries no form/],
    ['{ request: GET /o, ticket: $.id }', /^seckill.yaml:3:36 target.poll.ticket: "\$.id" captures nothing/],
    ['{ request: GET /o, interval: soon }', /^seckill.yaml:3:38 target.poll.interval: "soon" is not a time/],
    ['{ request: GET /o, outcomes: [{ is: sold }] }', /^seckill.yaml:3:39 target.poll.outcomes\[0\]: an outcome rule/],
    ['{ request: GET /o, headers: { A: "{{b}}" } }', /^seckill.yaml:3:37 target.poll.headers: unknown placeholder/],
    ['{ request: GET /o, every: 1s }', /^seckill.yaml:3:28 target.poll: unknown key "?every/],
  ])('%s is told where it stands', (poll, saying) => {
    expect(problems(pollIn(poll))).toEqual([expect.stringMatching(saying)])
  })
})

describe('parseSaleFile', () => {
  it('reads every section', () => {
    const { sale, target, outcomes, load, invariants } = parse(FULL)
    expect(sale).toMatchObject({
      id: 'shoes',
      stock: { key: 'goods_a', type: 'string-down', initial: 50 },
      records: [{ key: 'a_users', type: 'hash' }],
      perUser: { orders: 1, units: 2 },
      window: { startMs: Date.parse('2026-11-11T12:00:00Z'), endMs: Date.parse('2026-11-11T13:00:00Z') },
    })
    expect(invariants).toEqual({ 'real-time-order': 'off', 'no-undersell': 'warn' })
    expect(target).toEqual({
      url: 'http://127.0.0.1:{port}/seckill',
      path: undefined,
      method: 'POST',
      form: { username: '{{user}}', purchase: '{{quantity}}', channel: '7' },
      json: undefined,
      headers: { 'X-Trace': 't-{{index}}' },
      start: 'gunicorn -b 127.0.0.1:{port} app:app',
      ready: 'http://127.0.0.1:{port}/healthz',
      timeoutMs: 500,
    })
    expect(load).toEqual({
      users: 20_000,
      concurrency: 500,
      quantity: { min: 1, max: 2 },
      duplicates: 0.05,
      usernames: 'zh',
      seed: 7,
      rate: '100/s..500/s',
      duration: 60_000,
      warmup: 500,
      attemptsPerUser: 2,
      workers: 'auto',
    })
    expect(outcomes.map(({ source }) => source)).toEqual(['sold=json:$.code=0', 'error=status:5xx'])
    expect(outcomes[0]!.matches(200, answerOf('{"code":0}'))).toBe(true)
  })

  it('needs no section, and takes the usual types where none is named', () => {
    const nothing = {
      sale: undefined,
      target: undefined,
      outcomes: [],
      load: undefined,
      invariants: {},
      thresholds: [],
    }
    expect(parse('')).toEqual(nothing)
    expect(parse('\ufeff# a comment\n')).toEqual(nothing)
    const defaults = { stock: 's', records: 'r', initial: 7 }
    expect(parse('sale: { stock: {}, records: [ {} ] }').sale?.placesFor(defaults)).toEqual(
      presetPlaces('list', { stock: 's', records: 'r' }),
    )
    expect(parse('sale: { stock: { key: x, initial: 3 } }').sale?.placesFor(defaults)).toBeNull()
  })

  it.each<[string, unknown]>([
    ['stock: { type: string-up, capacity: 9 }', { stock: { type: 'string-up', key: 's', capacity: 9 } }],
    ['stock: { type: string-up }', { stock: { type: 'string-up', key: 's', capacity: 7 } }],
    ['stock: { type: sum, keys: ["x:{0..2}", y] }', { stock: { type: 'sum', keys: ['x:0', 'x:1', 'x:2', 'y'] } }],
    ['stock: { type: none }', { stock: { type: 'none', capacity: 7 } }],
    [
      'records: [ { type: keys, pattern: "o:{user}" }, { type: stream, key: x, user: u, quantity: n } ]',
      {
        records: [
          { type: 'keys', key: 'o:{user}', user: null, quantity: null },
          { type: 'stream', key: 'x', user: 'u', quantity: 'n' },
        ],
      },
    ],
    ['records: [ { quantity: 1 } ]', { records: [{ type: 'hash', key: 'r', user: null, quantity: null }] }],
    ['{ records: [ {} ], fold: lower }', { fold: ['lower'] }],
  ])('makes places of %s', (text, expected) => {
    const sale = text.startsWith('{') ? text : `{ ${text} }`
    const places = parse(`sale: ${sale}`).sale?.placesFor({ stock: 's', records: 'r', initial: 7 })
    expect(places).toMatchObject(expected as object)
  })

  it.each<[string, string[]]>([
    [
      'load:\n  users: 3\n  concurency: 3',
      ['seckill.yaml:3:3 load: unknown key "concurency"; did you mean concurrency?'],
    ],
    ['lod: 1', ['seckill.yaml:1:1 unknown section "lod"; did you mean load?']],
    [
      'zzzzz: 1',
      [
        expect.stringMatching(
          /^seckill\.yaml:1:1 unknown section "zzzzz"; known: sale, target, outcomes, users, .*load/,
        ),
      ],
    ],
    ['sale:\n  stock: { kee: x }', ['seckill.yaml:2:12 sale.stock: unknown key "kee"; did you mean key?']],
    [
      'sale: { records: [ { tpye: hash } ] }',
      ['seckill.yaml:1:22 sale.records[0]: unknown key "tpye"; did you mean type?'],
    ],
    [
      'sale: { stock: { type: lst } }',
      [
        'seckill.yaml:1:24 sale.stock.type: "lst" is none of list, string-down, string-up, hash-field, hash-pair, hash-sum, sum, set, zset, none; did you mean list?',
      ],
    ],
    ['sale: { stock: { initial: 0 } }', ['seckill.yaml:1:27 sale.stock.initial: must be at least 1']],
    ['sale: { stock: { initial: 10000001 } }', ['seckill.yaml:1:27 sale.stock.initial: must be at most 10000000']],
    ['sale: { stock: { initial: 1.5 } }', ['seckill.yaml:1:27 sale.stock.initial: must be a whole number']],
    ['sale: { id: 11 }', ['seckill.yaml:1:13 sale.id: must be text (put it in quotes)']],
    [
      'sale: { id: a b }',
      [expect.stringContaining('seckill.yaml:1:13 sale.id: sale id "a b" is not usable; use 1 to 64')],
    ],
    [
      'sale: { window: { start: 2026-11-11T20:00:00 } }',
      [
        'seckill.yaml:1:26 sale.window.start: "2026-11-11T20:00:00" is not a time with its offset, such as 2026-11-11T20:00:00+08:00',
      ],
    ],
    [
      'sale: { window: { start: 2026-11-11T20:00:00Z, end: 2026-11-11T20:00:00Z } }',
      ['seckill.yaml:1:53 sale.window.end: the end has to come after the start'],
    ],
    [
      'invariants: { no-oversel: off }',
      ['seckill.yaml:1:15 invariants: unknown key "no-oversel"; did you mean no-oversell?'],
    ],
    ['invariants: { no-oversell: never }', ['seckill.yaml:1:28 invariants.no-oversell: "never" is none of off, warn']],
    ['sale: 1', ['seckill.yaml:1:7 sale: must be a map']],
    ['sale: { records: [] }', ['seckill.yaml:1:18 sale.records: must not be empty']],
    [
      'sale: { records: [ { key: r }, { key: r } ] }',
      ['seckill.yaml:1:39 sale.records[1].key: two places cannot share the key r'],
    ],
    [
      'sale:\n  stock: { type: hash-pair, total: all, field: x }',
      [
        'seckill.yaml:2:18 sale.stock.type: hash-pair needs sold',
        'seckill.yaml:2:48 sale.stock.field: belongs to type hash-field, not hash-pair',
      ],
    ],
    [
      'sale: { stock: { type: sum, keys: [ "s:{9..1}" ] } }',
      [expect.stringContaining('sale.stock.keys[0]: s:{9..1} is no range')],
    ],
    ['sale: { stock: { type: none, key: x } }', [expect.stringContaining('sale.stock.key: type none has no key')]],
    [
      'sale: { records: [ { type: keys, key: x } ] }',
      [
        expect.stringContaining('records[0].type: keys needs pattern'),
        expect.stringContaining('type keys has pattern, not key'),
      ],
    ],
    ['sale: { records: [ { type: keys, pattern: x } ] }', [expect.stringContaining('needs {user} once')]],
    ['sale: { records: [ { type: stream, key: x } ] }', [expect.stringContaining('stream needs user')]],
    [
      'sale: { records: [ { type: list, user: name } ] }',
      [expect.stringContaining('"name" is nowhere in records of type list')],
    ],
    ['sale: { records: [ { type: list, user: "$.a b" } ] }', [expect.stringContaining('"$.a b" is no JSON path')]],
    [
      'sale: { records: [ { quantity: 2 } ] }',
      [expect.stringContaining('must be 1, value, score, a JSON path or a name')],
    ],
    ['sale: { fold: upper }', [expect.stringContaining('sale.fold: must be lower, trim or both')]],
    ['- 1', ['seckill.yaml:1:1 must be a map']],
    ['target: { method: POST }', ['seckill.yaml:1:9 target.url: is missing']],
    [
      'target:\n  url: localhost:5000',
      [expect.stringMatching(/^seckill\.yaml:2:8 target\.url: .*write http:\/\/localhost:5000$/)],
    ],
    ['target: { url: "http://h:{port}/" }', [expect.stringContaining('--start')]],
    [
      'target: { url: http://h/, ready: nope }',
      [expect.stringMatching(/^seckill\.yaml:1:34 target\.ready: .*no scheme/)],
    ],
    [
      'target: { url: http://h/, form: { a: "{{usr}}" } }',
      [expect.stringContaining('seckill.yaml:1:33 target.form: unknown placeholder {{usr}}')],
    ],
    ['target: { url: http://h/, form: { a: [1] } }', ['seckill.yaml:1:38 target.form.a: must be text or a number']],
    ['target: { url: http://h/, form: { a: {{user}} } }', ['seckill.yaml:1:39 put placeholders in quotes: "{{user}}"']],
    [
      'target: { url: http://h/, form: {}, json: {} }',
      [expect.stringContaining('target.method: a request has a form or JSON, not both')],
    ],
    ['target: { url: http://h/, timeout: 0s }', [expect.stringContaining('target.timeout: "0s" is not a time')]],
    ['target: { url: http://h/, timeout: [] }', [expect.stringContaining('target.timeout: must be a time')]],
    ['load: { quantity: 3-1 }', [expect.stringContaining('load.quantity: "3-1" is not units')]],
    ['load: { duplicates: 101% }', [expect.stringContaining('load.duplicates: "101%" is not a share')]],
    [
      'load: { usernames: randm }',
      [
        'seckill.yaml:1:20 load.usernames: no kind of user names "randm"; did you mean random?; one of: random, sequential, zh, template:… or @file.csv',
      ],
    ],
    [
      'outcomes: [ { text: x } ]',
      [expect.stringContaining('seckill.yaml:1:13 outcomes[0].is: is missing; one of sold, ')],
    ],
    [
      'outcomes:\n  - { text: x, status: 200, is: sold }',
      [expect.stringContaining('seckill.yaml:2:5 outcomes[0]: an outcome rule has exactly one')],
    ],
    [
      'outcomes: [ { json: code, is: sold } ]',
      [expect.stringContaining('outcomes[0]: outcome rule "sold=json:code": "code" is no json test')],
    ],
    ['load: { users: 1, users: 2 }', ['seckill.yaml:1:19 Map keys must be unique']],
    ['load:\n\tusers: 1', [expect.stringMatching(/^seckill\.yaml:2:1 Tabs/)]],
    ['load: { users: *x }', [expect.stringContaining('Unresolved alias')]],
  ])('%j', (text, expected) => expect(problems(text)).toEqual(expected))

  it('lists everything that is wrong, from top to bottom', () => {
    expect(
      problems('lod: 1\nload: { users: 0, seed: x }\nsale: { stock: { initial: 0 }, x: 1 }').map(
        (line) => line.split(' ')[0],
      ),
    ).toEqual(['seckill.yaml:1:1', 'seckill.yaml:2:16', 'seckill.yaml:2:25', 'seckill.yaml:3:27', 'seckill.yaml:3:32'])
  })

  it('never shows the password of a URL', () => {
    expect(problems('target: { url: "http://u:Sesame@h:port/", ready: "u:Sesame@h" }').join()).not.toContain('Sesame')
  })
})

describe('environment variables', () => {
  it('stand in values, alone or in text, as what they look like', () => {
    const text = [
      'sale:',
      '  id: ${SALE}',
      '  stock: { key: "goods_${SALE}", initial: "${STOCK:-50}" }',
      'load:',
      '  users: ${USERS}',
      '  quantity: ${Q}',
      'target:',
      '  url: http://h/',
      '  json: { n: "${USERS}", m: "{{user}}" }',
    ].join('\n')
    const { sale, load, target } = parse(text, { SALE: '2026', USERS: '300', Q: '1-2' })
    expect(sale).toMatchObject({ id: '2026', stock: { key: 'goods_2026', initial: 50 } })
    expect(load).toMatchObject({ users: 300, quantity: { min: 1, max: 2 } })
    expect(target?.json).toEqual({ n: '300', m: '{{user}}' })
  })

  it('are left alone in keys and behind a second dollar', () => {
    const text = 'target: { url: "http://${HOST:-h}/", form: { "${SALE}": "$${SALE}" } }'
    expect(parse(text, { SALE: 'x' }).target).toMatchObject({ url: 'http://h/', form: { '${SALE}': '${SALE}' } })
  })

  it('never become more than one value', () => {
    expect(problems('load: { users: "${USERS}" }', { USERS: '[1, 2]' })).toEqual([
      'seckill.yaml:1:16 load.users: must be a number',
    ])
  })

  it('empty counts as none where there is a default', () => {
    expect(parse('sale: { id: "${SALE:-b}" }', { SALE: '' }).sale?.id).toBe('b')
  })

  it('need quotes inside braces, and are told so', () => {
    expect(problems('load: { users: ${USERS} }')).toEqual([
      'seckill.yaml:1:17 put ${…} in quotes where it stands in { } or [ ]',
    ])
  })

  it('missing without a default is an error that names it', () => {
    expect(problems('sale:\n  id: ${SALE}\nload: { users: "${USERS}" }')).toEqual([
      'seckill.yaml:2:7 environment variable SALE is not set; set it, or write ${SALE:-default}',
      'seckill.yaml:3:16 environment variable USERS is not set; set it, or write ${USERS:-default}',
    ])
  })
})

describe('loadSaleFile', () => {
  let cwd = ''
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'seckill-sale-file-'))
  })
  afterEach(() => rmSync(cwd, { recursive: true }))

  it('finds seckill.yaml in the folder, or nothing', async () => {
    expect(await loadSaleFile({ cwd, env: {} })).toBeNull()
    writeFileSync(join(cwd, 'seckill.yaml'), 'load: { users: 3 }')
    expect(await loadSaleFile({ cwd, env: {} })).toMatchObject({ path: join(cwd, 'seckill.yaml'), load: { users: 3 } })
  })

  it('needs a file that was named', async () => {
    await expect(loadSaleFile({ cwd, path: 'other.yaml', env: {} })).rejects.toMatchObject({
      code: 'sale_file',
      message: 'no sale file at other.yaml',
    })
    await expect(loadSaleFile({ cwd, path: '.', env: {} })).rejects.toMatchObject({ code: 'sale_file' })
  })

  it('extends another file: maps are joined, what is nearer wins, lists whole', async () => {
    writeFileSync(join(cwd, 'far.yaml'), 'load: { users: 3, concurrency: 2 }\nthresholds: [sold == 1, errors == 0]\n')
    writeFileSync(join(cwd, 'mid.yaml'), 'extends: far.yaml\nload: { concurrency: 5 }\nexpect: fail\n')
    writeFileSync(join(cwd, 'near.yaml'), 'extends: mid.yaml\nthresholds: [sold == 2]\nload: { seed: "${SEED}" }\n')
    const file = await loadSaleFile({ cwd, path: 'near.yaml', env: { SEED: '9' } })
    expect(file).toMatchObject({ load: { users: 3, concurrency: 5, seed: 9 }, expect: 'fail' })
    expect(file?.thresholds.map(({ expression }) => expression)).toEqual(['sold == 2'])
  })

  it('says in which of them a mistake is', async () => {
    writeFileSync(join(cwd, 'far.yaml'), '# far\nload:\n  users: none\n  rate: ${RATE}\n')
    writeFileSync(join(cwd, 'near.yaml'), 'extends: far.yaml\nsale: { id: "a b" }\n')
    const bad = loadSaleFile({ cwd, path: 'near.yaml', env: {} })
    await expect(bad).rejects.toThrow(/^far\.yaml:4:9 environment variable RATE is not set/)
    const worse = loadSaleFile({ cwd, path: 'near.yaml', env: { RATE: '5/s' } })
    await expect(worse).rejects.toThrow(/^far\.yaml:3:10 load\.users: must be a number$/)
    writeFileSync(join(cwd, 'far.yaml'), 'load: { users: 3\n')
    await expect(loadSaleFile({ cwd, path: 'near.yaml', env: {} })).rejects.toThrow(/^far\.yaml:\d+:\d+ /)
  })

  it('names the file in its errors as it was given', async () => {
    writeFileSync(join(cwd, 'b.yml'), 'x: 1')
    await expect(loadSaleFile({ cwd, path: './b.yml', env: {} })).rejects.toThrow(/^\.\/b\.yml:1:1 unknown section "x"/)
  })
})

describe('JSON Schema', () => {
  it('is what the package ships (UPDATE=1 writes it)', () => {
    const file = new URL('../../schema/seckill.schema.json', import.meta.url)
    const current = `${JSON.stringify(saleFileJsonSchema(), null, 2)}\n`
    if (process.env.UPDATE === '1') writeFileSync(file, current)
    expect(readFileSync(file, 'utf8')).toBe(current)
  })
})
