import { writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { on, seckill, testFolder } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'
import { expectRefusal } from './world.js'

interface Received {
  readonly line: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A shop that answers everything alike and keeps what it was sent. */
const shop = async (status = 200, text = '{"code":0}') => {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, url, headers } = request
    received.push({ line: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString() })
    response.writeHead(status).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/buy`, received }
}

const blast = (url: string, ...flags: string[]) =>
  seckill(['blast', url, '--quiet', '--concurrency', '2', '--seed', '7', ...flags, ...on(freshSaleId())])

const write = (name: string, text: string) => writeFileSync(join(testFolder(), name), text)

describe('a request by flags', () => {
  it('form, headers, path and method', async () => {
    const { url, received } = await shop()
    const flags = ['--form', 'u={{user}}', '--form', 'n={{quantity}}', '--header', 'X-Forwarded-For: {{ip}}']
    await blast(url, '--users', '20', '--quantity', '1', '--path', '/x/{{index}}', '--method', 'put', ...flags)
    expect(received.map(({ line }) => line).sort()).toEqual(Array.from({ length: 20 }, (_, i) => `PUT /x/${i}`).sort())
    for (const { body } of received) expect(body).toMatch(/^u=u[0-9a-z]{8}&n=1$/)
    expect(new Set(received.map(({ headers }) => headers['x-forwarded-for'])).size).toBe(20)
  })

  it('JSON, with the columns of a file', async () => {
    const { url, received } = await shop()
    write('users.csv', 'user,phone\n王伟,139\nann,138\n')
    await blast(url, '--usernames', '@users.csv', '--json-body', '{"u":"{{user}}","p":"{{phone}}","n":"{{quantity}}"}')
    expect(received.map(({ body }) => JSON.parse(body)).sort((a, b) => a.p - b.p)).toMatchObject([
      { u: 'ann', p: '138', n: expect.any(Number) },
      { u: '王伟', p: '139', n: expect.any(Number) },
    ])
  })

  it('in the sale file, whose folder is the file of users’', async () => {
    const { url, received } = await shop()
    write('users.csv', 'user,phone\nann,138\n')
    write('seckill.yaml', `target: { url: "${url}", form: { p: "{{phone}}" } }\nusers: { file: users.csv }\n`)
    await seckill(['blast', '--quiet', ...on(freshSaleId())])
    await seckill(['blast', '--quiet', '--form', 'q={{phone}}', ...on(freshSaleId())])
    expect(received.map(({ body }) => body)).toEqual(['p=138', 'q=138'])
  })

  it('that says no quantity asks for one unit', async () => {
    const { url } = await shop()
    const units = async (...flags: string[]) => {
      const told = await blast(url, '--json', '--users', '20', '--outcome', 'sold=status:200', ...flags)
      return JSON.parse(told.stdout).unitsAcknowledged
    }
    expect(await units('--form', 'u={{user}}')).toBe(20)
    expect(await units('--form', 'n={{quantity}}')).toBeGreaterThan(20)
    expect(await units('--form', 'u={{user}}', '--quantity', '2')).toBe(40)
  })

  it('the users of a seed are the same again', async () => {
    const { url, received } = await shop()
    for (const _round of [1, 2]) await blast(url, '--users', '3', '--usernames', 'template:vip-{{random}}')
    const names = received.map(({ body }) => new URLSearchParams(body).get('username'))
    expect(names.slice(0, 3).sort()).toEqual(names.slice(3).sort())
    expect(new Set(names).size).toBe(3)
  })
})

describe('what the answers are', () => {
  it('by a preset, from flag or file', async () => {
    const { url } = await shop(200, '{"success":false,"errorMsg":"\\u5e93\\u5b58\\u4e0d\\u8db3"}')
    const told = async (...flags: string[]) => JSON.parse((await blast(url, '--json', '--users', '3', ...flags)).stdout)
    expect((await told()).outcomes).toEqual({ unknown: 3 })
    expect(await told('--preset', 'hm-dianping')).toMatchObject({ outcomes: { sold_out: 3 }, unmatched: [] })
    expect((await told('--preset', 'hm-dianping', '--outcome', 'rejected=text:库存')).outcomes).toEqual({ rejected: 3 })
    write('seckill.yaml', `target: { url: "${url}", preset: hm-dianping }\n`)
    expect((await told()).outcomes).toEqual({ sold_out: 3 })
  })

  it('more than a fifth throttled is said, with what to do', async () => {
    const { url } = await shop(429, 'slow down')
    const { stderr } = await blast(url, '--users', '5')
    expect(stderr).toMatch(/100 % of the attempts were throttled.*--header 'X-Forwarded-For: \{\{ip\}\}'/)
    expect((await blast((await shop()).url, '--users', '5')).stderr).not.toMatch(/throttled/)
  })
})

describe('a value that cannot be sent', () => {
  it.each<[string, string[]]>([
    ['a closed load', []],
    ['an open one', ['--rate', '1000/s']],
    ['a burst', ['--burst']],
  ])('ends %s, and says whose it is not', async (_name, load) => {
    const { url } = await shop()
    const rows = Array.from({ length: 150 }, (_, i) => `user${i},${i === 60 ? 'a\u0001b' : `token${i}`}`)
    write('users.csv', ['user,token', ...rows, ''].join('\n'))
    const flags = ['--usernames', '@users.csv', '--header', 'X-T: {{token}}', ...load, '--seed', '7', '--quiet']
    const { code, stderr } = await seckill(['blast', url, ...flags, ...on(freshSaleId())])
    expect(stderr).toMatch(/would hold a line break or control character/)
    expect(code).toBe(2)
  })
})

describe('a mistake in it', () => {
  it.each([
    [['--header', 'X-Phone: {{phnoe}}'], /\{\{phnoe\}\} in header x-phone; did you mean phone\?; known: \{\{user/],
    [['--form', 'username'], /--form "username" is no field; write --form/],
    [['--form', 'a=1&b=2'], /holds several fields; write one --form for each/],
    [['--form', 'a=1', '--json-body', '{}'], /--form or --json-body, not both/],
    [['--json-body', '{"n":{{quantity}}}'], /--json-body is no JSON.*put placeholders in quotes/],
    [['--json-body', '{a:1}'], /--json-body is no JSON/],
    [['--header', 'X-Forwarded-For'], /is no header; write --header/],
    [['--header', 'Content-Length: 3'], /Content-Length cannot be set/],
    [['--method', 'TRACE'], /"TRACE" does not buy/],
    [['--preset', 'miaosa'], /no preset "miaosa"; did you mean miaosha\?; one of: document/],
    [['--users', '3'], /the file of users names 2, fewer than --users 3/],
    [['--usernames', '@none.csv'], /no file of users at none\.csv/],
    [['--usernames', '@ragged.csv'], /ragged\.csv:3 has 1 of 2 columns; write as many/],
    [['--usernames', '@latin1.csv'], /latin1\.csv is not UTF-8/],
    [['--usernames', 'template:vip'], /template "vip" gives all users one name/],
  ])('%j', async (flags, saying) => {
    write('users.csv', 'user,phone\nann,138\nbob,139\n')
    write('ragged.csv', 'user,phone\nann,138\nbob\n')
    writeFileSync(join(testFolder(), 'latin1.csv'), Buffer.from('user\nJos\xe9\n', 'latin1'))
    const names = flags.includes('--usernames') ? [] : ['--usernames', '@users.csv']
    expectRefusal(await seckill(['blast', 'http://127.0.0.1:1/buy', ...names, ...flags]), 2, saying)
  })
})
