import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { asksForQuantity, compileRequest, displayUrl, parseTarget, type TargetSpec } from '../../src/load/request.js'

const shot = { userIndex: 41, copy: 0, user: '张 三&=+%/?"\\', quantity: 2 }
const url = 'http://127.0.0.1:5000/seckill'
const build = (spec: Partial<TargetSpec>, user = shot.user) => compileRequest({ url, ...spec }).build({ ...shot, user })

const failure = (read: () => unknown): SeckillError => {
  try {
    read()
  } catch (error) {
    if (error instanceof SeckillError) return error
  }
  throw new Error('accepted')
}

describe('compileRequest', () => {
  it('sends the document’s form by default', () => {
    const template = compileRequest({ url })
    expect(template).toMatchObject({ origin: 'http://127.0.0.1:5000', method: 'POST' })
    expect(template.build({ ...shot, user: 'u1' })).toEqual({
      path: '/seckill',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=u1&purchase=2',
    })
    expect(new URLSearchParams(template.build(shot).body!).get('username')).toBe(shot.user)
  })

  it('fills path and query, encoded', () => {
    const { path, body } = build({ url: 'https://h/买/{{user}}?q={{ quantity }}&i={{index}}#top', method: 'get' })
    expect(path).toBe(`/%E4%B9%B0/${encodeURIComponent(shot.user)}?q=2&i=41`)
    expect(body).toBeNull()
  })

  it('takes a path in place of the URL’s, and leaves what is encoded', () => {
    expect(build({ url: 'http://h/a?b=1', path: '/in%20cr/{{index}}?x=y z' }).path).toBe('/in%20cr/41?x=y%20z')
    expect(build({ url: 'http://h?a=1' }).path).toBe('/?a=1')
    expect(build({ url: 'http://h' }).path).toBe('/')
  })

  it('writes JSON, numbers where a placeholder stands alone', () => {
    const json = {
      user: '{{user}}',
      quantity: '{{quantity}}',
      order: { key: 'o-{{index}}', list: ['{{index}}', '{{user}}', null, true, 1.5] },
      text: '{{quantity}} of {{quantity}}',
      '{{user}}': 'x',
    }
    const { headers, body } = build({ json })
    expect(headers).toEqual({ 'content-type': 'application/json' })
    expect(JSON.parse(body!)).toEqual({
      user: shot.user,
      quantity: 2,
      order: { key: 'o-41', list: [41, shot.user, null, true, 1.5] },
      text: '2 of 2',
      [shot.user]: 'x',
    })
  })

  it('sends headers in lower case, those given over its own, text as UTF-8', () => {
    const { headers } = build({ headers: { 'X-User': '{{user}}', 'Content-Type': 'text/plain' } }, '张三')
    expect(headers['content-type']).toBe('text/plain')
    expect(Buffer.from(headers['x-user']!, 'latin1').toString()).toBe('张三')
  })

  it('a login in the URL becomes a header and nothing else', () => {
    const template = compileRequest({ url: 'http://al%40ice:s%3Acret@h:81/x' })
    expect(template.origin).toBe('http://h:81')
    const { headers, path } = template.build(shot)
    expect(Buffer.from(headers.authorization!.replace('Basic ', ''), 'base64').toString()).toBe('al@ice:s:cret')
    expect(path).toBe('/x')
  })

  it('an empty form is an empty body; GET and DELETE have none by default', () => {
    expect(build({ form: {} }).body).toBe('')
    expect(build({ method: 'DELETE' }).body).toBeNull()
    expect(build({ method: 'DELETE', form: { a: 'b' } }).body).toBe('a=b')
  })

  it.each<[Partial<TargetSpec>, RegExp]>([
    [{ form: { username: '{{usr}}' } }, /unknown placeholder \{\{usr\}\} in form field username; did you mean user\?/],
    [{ json: { a: ['{{x}}'] } }, /unknown placeholder \{\{x\}\} in the JSON body/],
    [{ path: '/{{}}' }, /unknown placeholder \{\{\}\} in the path/],
    [{ headers: { a: '{{toString}}' } }, /unknown placeholder \{\{toString\}\} in header a/],
    [{ headers: { a: 'x\r\ny: z' } }, /header a would hold a line break/],
    [{ headers: { 'a b': 'x' } }, /no header name/],
    [{ headers: { 'Content-Length': '1' } }, /Content-Length cannot be set/],
    [{ method: 'HEAD' }, /"HEAD" does not buy/],
    [{ method: 'toString' }, /does not buy/],
    [{ method: 'GET', form: { a: 'b' } }, /GET carries no form/],
    [{ method: 'GET', json: {} }, /GET carries no form/],
    [{ form: {}, json: {} }, /not both/],
    [{ path: 'incr' }, /does not begin with a slash/],
    [{ url: 'http://{{user}}.example.com/' }, /no usable host/],
  ])('refuses %j', (spec, message) => {
    const error = failure(() => compileRequest({ url, ...spec }))
    expect(error.code).toBe('usage')
    expect(error.message).toMatch(message)
  })

  it('names the known placeholders', () => {
    expect(failure(() => compileRequest({ url, path: '/{{x}}' })).hint).toBe(
      'known: {{user}}, {{quantity}}, {{index}}, {{uuid}}, {{ip}}',
    )
  })

  it('refuses a user name that would break a header', () => {
    const template = compileRequest({ url, headers: { 'x-user': '{{user}}' } })
    expect(failure(() => template.build({ ...shot, user: 'a\r\nx-admin: 1' })).message).toMatch(/line break/)
  })
})

describe('placeholders beside those of the document', () => {
  const columns = { user: ['ann', 'bob'], phone: ['139 1', '138'] }
  const at = (userIndex: number, copy = 0) => ({ ...shot, userIndex, copy })

  it('columns of a file belong to the user', () => {
    const { build } = compileRequest({ url, path: '/{{phone}}', form: { u: '{{user}}' } }, { columns })
    expect([0, 1].map((i) => build(at(i)).path)).toEqual(['/139%201', '/138'])
    expect(build({ ...at(1), user: 'bob' }).body).toBe('u=bob')
  })

  it('a column that is not there is refused, with the one that was meant', () => {
    const error = failure(() => compileRequest({ url, headers: { 'X-Phone': '{{phnoe}}' } }, { columns }))
    expect(error.message).toBe('unknown placeholder {{phnoe}} in header x-phone; did you mean phone?')
    expect(error.hint).toMatch(/\{\{ip\}\}/)
  })

  it('a column cannot take the name of a placeholder of our own', () => {
    expect(failure(() => compileRequest({ url }, { columns: { index: ['1'] } })).message).toMatch(/column index/)
  })

  it('every attempt has a UUID of its own, the same for the same seed and in all of the request', () => {
    const { build } = compileRequest({ url, path: '/{{uuid}}', form: { u: '{{uuid}}' } }, { seed: 7 })
    const shots = Array.from({ length: 2_000 }, (_, i) => [at(i), at(i, 1)]).flat()
    const ids = shots.map((each) => build(each).path.slice(1))
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    // The first ten digits are the permuted user: each takes every value, or two users could share one.
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 9, 10]) expect(new Set(ids.map((id) => id[at])).size).toBe(16)
    expect(build(shots[5]!).body).toBe(`u=${ids[5]}`)
    expect(compileRequest({ url, path: '/{{uuid}}' }, { seed: 8 }).build(at(0)).path).not.toBe(`/${ids[0]}`)
  })

  it('131,072 users have an address of their own, for both clicks', () => {
    const { build } = compileRequest({ url, path: '/{{ip}}' }, { seed: 3 })
    const addresses = new Set(Array.from({ length: 2 ** 17 }, (_, i) => build(at(i)).path))
    expect(addresses.size).toBe(2 ** 17)
    for (const address of addresses) if (!/^\/198\.1[89]\.\d{1,3}\.\d{1,3}$/.test(address)) expect.fail(address)
    expect(build(at(5, 1)).path).toBe(build(at(5)).path)
  })
})

it.each<[Partial<TargetSpec>, boolean]>([
  [{}, true],
  [{ method: 'GET' }, false],
  [{ method: 'get', path: '/x?n={{ quantity }}' }, true],
  [{ form: {} }, false],
  [{ form: { n: '{{quantity}}' } }, true],
  [{ json: { a: [{ n: '{{quantity}}' }] } }, true],
  [{ json: { u: '{{user}}' } }, false],
  [{ form: {}, headers: { n: '{{quantity}}' } }, true],
])('%j asks for a quantity: %s', (spec, asks) => expect(asksForQuantity({ url, ...spec })).toBe(asks))

describe('parseTarget', () => {
  it.each<[string, string, string]>([
    ['http://h', 'http://h', '/'],
    ['HTTPS://H:8443/a/b?c=d#e', 'https://h:8443', '/a/b?c=d'],
    ['http://[::1]:5000/x', 'http://[::1]:5000', '/x'],
    ['http://h:80/', 'http://h', '/'],
    ['http://h/{{user}}', 'http://h', '/{{user}}'],
    ['http://商店.example/x', 'http://xn--czrs0t.example', '/x'],
  ])('%s', (text, origin, path) => expect(parseTarget(text)).toMatchObject({ origin, path }))

  it.each<[string, RegExp, RegExp]>([
    ['localhost:5000', /has no scheme/, /write http:\/\/localhost:5000$/],
    ['127.0.0.1:5000/seckill', /has no scheme/, /write http:\/\/127\.0\.0\.1:5000\/seckill$/],
    ['/seckill', /has no scheme/, /write http:\/\/127\.0\.0\.1:5000\/seckill$/],
    ['', /has no scheme/, /write http/],
    ['http://', /has no host/, /http:\/\/127/],
    ['http:///seckill', /has no host/, /http:\/\/127/],
    ['http://:5000/x', /has no host/, /http:\/\/127/],
    ['http://u:p@/x', /has no host/, /http:\/\/127/],
    ['ftp://h/x', /neither http nor https/, /http:/],
    ['redis://h', /neither http nor https/, /http:/],
    ['http://h:0/', /no usable host or port/, /http:/],
    ['http://h:65536/', /no usable host or port/, /http:/],
    ['http://h:port/', /no usable host or port/, /http:/],
    ['http://a b/', /no usable host or port/, /http:/],
    ['http://127.0.0.1:{port}/', /no usable host or port/, /--start/],
  ])('refuses %s', (text, message, hint) => {
    const error = failure(() => parseTarget(text))
    expect(error.code).toBe('usage')
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })
})

describe('displayUrl', () => {
  it.each([
    ['http://h:5000/x?a=1', 'http://h:5000/x?a=1'],
    ['http://h/@user', 'http://h/@user'],
    ['http://127.0.0.1:{port}/x@y', 'http://127.0.0.1:{port}/x@y'],
    ['http://u:Sesame@h/x', 'http://***@h/x'],
    ['http://h/x?access_token=Sesame&b=1', 'http://h/x?access_token=***&b=1'],
    ['http://h/x?a=1&apiKey=Sesame#f', 'http://h/x?a=1&apiKey=***#f'],
  ])('%s', (text, shown) => expect(displayUrl(text)).toBe(shown))

  it.each([
    'http://u:Sesame@h',
    'http://Sesame@h/',
    'u:Sesame@h:5000',
    'http://u:Ses/Sesame@h',
    'http://u:Ses#Sesame@h',
    'http://u:Ses?Sesame@h',
    'http://u:Ses@Sesame@h',
    'http://u:Sesame@',
    'http://u:%Sesame@h',
    'ftp://u:Sesame@h',
    'http://u:Sesame@h:port',
  ])('neither it nor an error shows the password of %s', (text) => {
    let shown = displayUrl(text)
    try {
      parseTarget(text)
    } catch (error) {
      shown += (error as SeckillError).message + (error as SeckillError).hint
    }
    expect(shown).not.toContain('Ses')
  })
})
