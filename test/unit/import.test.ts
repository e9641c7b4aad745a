import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importPlan } from '../../src/import/import.js'
import { usersCsv } from '../../src/import/users-csv.js'
import { pathOf } from '../helpers/docs.js'
import * as jmx from '../helpers/plans.js'

const URL_OF_SHOP = new URL('http://shop.test:8080/buy')
const DOCUMENT = readFileSync(pathOf('test/fixtures/plans/document.jmx'), 'utf8')

const buying = (
  form: Record<string, string>,
  group: Parameters<typeof jmx.threadGroup>[1] = {},
  more: readonly string[] = [],
) =>
  importPlan(
    jmx.plan([jmx.threadGroup('buyers', group, [...more, jmx.sampler('buy', { url: URL_OF_SHOP, form })])]),
    'p.jmx',
  )

// biome-ignore lint/suspicious/noExplicitAny: sections are open
const sections = (imported: ReturnType<typeof importPlan>): any => imported.scenario

const kindsOf = ({ notes }: ReturnType<typeof importPlan>) => notes.map(({ kind, element }) => `${kind} ${element}`)

describe('the plan of the document', () => {
  it('becomes a burst of unique users', () =>
    expect(importPlan(DOCUMENT, 'p.jmx').scenario).toEqual({
      target: {
        ...{ url: 'http://127.0.0.1:${SHOP_PORT:-5000}', path: '/seckill', method: 'POST', timeout: '5000ms' },
        form: { username: '{{user}}', purchase: '{{quantity}}' },
      },
      load: { users: 200, burst: true, concurrency: 100, quantity: '1-2' },
      outcomes: [
        { text: '您已抢到', is: 'sold' },
        { text: '抢购已经结束', is: 'sold_out' },
      ],
    }))

  it('says what became of each element, with its line', () => {
    const { notes } = importPlan(DOCUMENT, 'p.jmx')
    const lines = DOCUMENT.split('\n')
    for (const { line, element } of notes) expect(lines[line - 1]).toContain(`<${element} `)
    expect(notes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...['changed 抢购 (list)', 'changed Synchronizing Timer', 'changed POST /seckill', 'unnecessary Unicode'],
      ...['unnecessary View Results Tree', 'dropped POST /incr', 'disabled old'],
    ])
  })

  it('has another purchase by --sampler', () => {
    const { target, users, load } = sections(importPlan(DOCUMENT, 'p.jmx', 'POST /incr'))
    expect([target.path, users, load]).toEqual([
      '/incr',
      { names: 'template:{{uuid}}' },
      { users: 50, concurrency: 50, quantity: 1 },
    ])
    expect(() => importPlan(DOCUMENT, 'p.jmx', 'POST /inc')).toThrow(
      /no sampler "POST \/inc"; did you mean POST \/incr\?/,
    )
  })
})

describe('who buys', () => {
  it.each([
    ['${__RandomString(6,abc,)}', undefined],
    ['vip-${__RandomString(6,abc,)}', { names: 'template:vip-{{random}}' }],
    ['${__Random(1,100000)}', { names: 'template:{{index}}' }],
    ['user${__counter(FALSE,)}', { names: 'template:user{{index}}' }],
    ['alice', undefined],
  ])('username=%s', (username, users) => {
    const imported = buying({ username })
    expect(sections(imported).target.form).toEqual({ username: '{{user}}' })
    expect(sections(imported).users).toEqual(users)
    expect(kindsOf(imported)).toContain('changed HTTPSamplerProxy')
  })

  it('says how many draws would have named a user again', () =>
    expect(
      buying({ uid: '${__Random(1,1000000)}' }, { threads: 20_000 }).notes.map(({ message }) => message),
    ).toContain('20000 draws out of 1000000 would name about 199 users again'))

  it('is the same in header and form where the plan says so', () => {
    const random = jmx.element('RandomVariableConfig', {
      props: [
        jmx.prop('variableName', 'uid'),
        jmx.prop('minimumValue', '1'),
        jmx.prop('maximumValue', '9'),
        jmx.prop('outputFormat', 'u000'),
      ],
    })
    const { target, users } = sections(
      buying({ user: '${uid}', trace: '${__UUID}' }, {}, [random, jmx.headerManager({ 'X-User': '${uid}' })]),
    )
    expect(target.form).toEqual({ user: '{{user}}', trace: '{{uuid}}' })
    expect(target.headers).toEqual({ 'X-User': '{{user}}' })
    expect(users).toEqual({ names: 'template:u{{index}}' })
  })

  it('a counter is a user for each of its numbers', () => {
    const counter = jmx.element('CounterConfig', {
      props: [
        jmx.prop('CounterConfig.name', 'n'),
        jmx.prop('CounterConfig.start', '1'),
        jmx.prop('CounterConfig.format', 'buyer-000'),
      ],
    })
    const { target, users } = sections(buying({ username: '${n}' }, {}, [counter]))
    expect(target.form).toEqual({ username: '{{user}}' })
    expect(users).toEqual({ names: 'template:buyer-{{index}}' })
  })

  it('a thread is one user who tries as often as it loops', () =>
    expect(sections(buying({ username: 'u${__threadNum}' }, { threads: 20, loops: 3 })).load).toEqual({
      ...{ users: 20, concurrency: 20, attemptsPerUser: 3 },
    }))

  it('a CSV file becomes a file of users', () => {
    const data = jmx.element('CSVDataSet', {
      props: [
        jmx.prop('filename', 'people.csv'),
        jmx.prop('variableNames', 'name,phone'),
        jmx.prop('delimiter', ';'),
        jmx.prop('quotedData', true),
      ],
    })
    const imported = buying({ username: '${name}', tel: '${phone}' }, {}, [data])
    expect(sections(imported).target.form).toEqual({ username: '{{user}}', tel: '{{phone}}' })
    expect(sections(imported).users).toEqual({ file: 'people.csv' })
    expect(usersCsv('ann;1\r\n"b;ob, jr";2\nann;3\n', imported.table!, 'people.csv')).toEqual({
      ...{ text: 'user,phone\nann,1\n"b;ob, jr",2\n', users: 2, repeated: 1 },
    })
  })
})

describe('load', () => {
  const timer = (throughput: number, calcMode: number) =>
    jmx.element('ConstantThroughputTimer', {
      props: [
        jmx.prop('calcMode', calcMode),
        `<doubleProp><name>throughput</name><value>${throughput}</value><savedValue>0.0</savedValue></doubleProp>`,
      ],
    })
  const loadOf = (group: Parameters<typeof jmx.threadGroup>[1], more: readonly string[] = []) =>
    sections(buying({ username: '${__UUID}' }, group, more)).load

  it.each([
    [{ threads: 10, loops: 4 }, [], { users: 40, concurrency: 10 }],
    [{ threads: 100, ramp: 20 }, [], { users: 100, rate: '5/s' }],
    [{ threads: 10, loops: -1, seconds: 30 }, [], { concurrency: 10, duration: '30s' }],
    [{ threads: 10, loops: -1 }, [], { concurrency: 10, duration: '60s' }],
    [{ threads: 10, loops: 6 }, [timer(600, 1)], { users: 60, rate: '10/s' }],
    [{ threads: 10, loops: 6 }, [timer(60, 0)], { users: 60, rate: '10/s' }],
    [{ threads: '${__P(threads,30)}' }, [], { users: '${SHOP_THREADS:-30}', concurrency: '${SHOP_THREADS:-30}' }],
    [
      { threads: 10 },
      [jmx.element('ConstantTimer', { props: [jmx.prop('ConstantTimer.delay', '250')] })],
      { users: 10, concurrency: 10, thinkTime: '250ms' },
    ],
  ] as const)('of %j %s', (group, more, load) => expect(loadOf(group, more)).toEqual(load))
})

describe('bodies', () => {
  const json = (body: string) =>
    sections(
      importPlan(jmx.plan([jmx.threadGroup('g', {}, [jmx.sampler('buy', { url: URL_OF_SHOP, body })])]), 'p.jmx'),
    ).target

  it('JSON, with variables in quotes and bare', () => {
    expect(
      json('{"userId": ${__Random(1,9999)}, "voucher": 7, "n": ${__Random(1,2)}, "note": "x ${__UUID} y"}').json,
    ).toEqual({
      ...{ userId: '{{index}}', voucher: 7, n: '{{quantity}}', note: 'x {{uuid}} y' },
    })
    expect(json('{"voucher": 12345678901234567890, "user": "${__UUID}"}').json.voucher).toBe('12345678901234567890')
  })

  it('a form by hand', () =>
    expect(json('username=${__UUID}&sku=a%20b').form).toEqual({ username: '{{user}}', sku: 'a b' }))

  it('what is neither is not kept', () => expect(json('<buy/>').form).toEqual({}))

  it('arguments of a GET are its query', () => {
    const form = { user: '${__UUID}', note: 'a&b=c', n: '1' }
    const { target } = sections(
      importPlan(
        jmx.plan([
          jmx.threadGroup('g', {}, [jmx.sampler('buy', { method: 'GET', url: new URL('http://h/buy?x=1'), form })]),
        ]),
        'p',
      ),
    )
    expect(target.path).toBe('/buy?x=1&user={{user}}&note=a%26b%3Dc&n={{quantity}}')
    expect(target.form).toBeUndefined()
  })
})

describe('what comes before', () => {
  const extractor = (name: string, path: string) =>
    jmx.element('JSONPostProcessor', {
      props: [jmx.prop('JSONPostProcessor.referenceNames', name), jmx.prop('JSONPostProcessor.jsonPathExprs', path)],
    })
  const host = new URL('http://h/')

  it('a login and a step are kept, as far as the purchase needs them', () => {
    const imported = importPlan(
      jmx.plan([
        jmx.httpDefaults(host),
        jmx.threadGroup('g', {}, [
          jmx.sampler('home', { method: 'GET', path: '/' }),
          jmx.sampler('login', {
            path: '/login',
            form: { username: '${__UUID}', password: 'Sesame' },
            below: [extractor('token', '$.data')],
          }),
          jmx.sampler('path', { method: 'GET', path: '/path', below: [extractor('hidden', '$.path')] }),
          jmx.sampler('buy', {
            path: '/${hidden}/buy',
            form: { user: '${__UUID}' },
            below: [jmx.headerManager({ authorization: 'Bearer ${token}' })],
          }),
        ]),
      ]),
      'p.jmx',
    )
    const { target, users, attempt } = sections(imported)
    expect(target).toMatchObject({ path: '/{{hidden}}/buy', headers: { authorization: 'Bearer {{token}}' } })
    expect(users.login).toMatchObject({
      path: '/login',
      form: { password: '${SHOP_PASSWORD}' },
      capture: { token: 'json:$.data' },
    })
    expect(attempt.steps).toEqual([{ path: '/path', method: 'GET', capture: { hidden: 'json:$.path' } }])
    expect(imported.secrets).toEqual(['SHOP_PASSWORD'])
    expect(JSON.stringify(imported)).not.toContain('Sesame')
    expect(imported.notes.map(({ kind, name }) => `${kind} ${name}`)).toContain('dropped home')
  })
})

describe('assertions', () => {
  const outcomes = (...assertion: Parameters<typeof jmx.responseAssertion>) =>
    sections(buying({ username: '${__UUID}' }, {}, [jmx.responseAssertion(...assertion)])).outcomes

  it.each([
    [[['success'], 16], [{ text: 'success', is: 'sold' }]],
    [[['\\u606d\\u559c'], 16], [{ text: '恭喜', is: 'sold' }]],
    [[['"code": ?0'], 2], [{ regex: '/"code": ?0/', is: 'sold' }]],
    [[['ok'], 8], [{ regex: '/^ok$/', is: 'sold' }]],
    [[['a', 'b'], 16], [{ regex: '/^(?=[\\s\\S]*a)(?=[\\s\\S]*b)/', is: 'sold' }]],
    [[['恭喜|结束'], 2], undefined],
    [[['error'], 20], undefined],
    [[['200'], 8, 'Assertion.response_code'], undefined],
    [[['201'], 8, 'Assertion.response_code'], [{ status: 201, is: 'sold' }]],
  ] as const)('%j', (assertion, rules) =>
    expect(outcomes(...(assertion as never as [string[], number]))).toEqual(rules),
  )
})

describe('what cannot be known', () => {
  it('a variable that nothing defines is asked of the environment', () => {
    const imported = buying({ username: '${__UUID}', activity: '${aid}', price: '${__groovy(1+1)}' })
    expect(sections(imported).target.form).toMatchObject({
      activity: '${SHOP_AID:-aid}',
      price: '${SHOP_GROOVY:-__groovy}',
    })
    expect(kindsOf(imported).filter((kind) => kind === 'dropped HTTPSamplerProxy')).toHaveLength(2)
  })

  it('a variable that goes round is none', () =>
    expect(
      sections(buying({ username: '${__UUID}', a: '${a}' }, {}, [jmx.userVariables({ a: '${b}', b: '${a}' })])).target
        .form.a,
    ).toMatch(/SHOP_/))

  it('an element that seckill has nothing like is named', () =>
    expect(kindsOf(buying({ username: '${__UUID}' }, {}, [jmx.element('KeystoreConfig')]))).toContain(
      'dropped KeystoreConfig',
    ))

  it.each([
    ['', /is no XML/],
    ['<jmeterTestPlan>\n<hashTree>', /p\.jmx:2 is no XML: unclosed/],
    ['<html/>', /no test plan of JMeter: it begins with <html>/],
    ['<jmeterTestPlan/>', /no HTTP request/],
    [
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><jmeterTestPlan>&x;</jmeterTestPlan>',
      /declares a document type/,
    ],
    ['<jmeterTestPlan>&x;</jmeterTestPlan>', /is no XML: entity not found/],
    [`${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`, /more than 500 deep/],
  ])('%.40j is refused', (text, message) => expect(() => importPlan(text, 'p.jmx')).toThrow(message))
})
