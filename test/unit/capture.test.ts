import { describe, expect, it } from 'vitest'
import { compileCapture, compileCaptures } from '../../src/load/capture.js'
import type { HttpReply } from '../../src/load/transport.js'

const reply = (body: string, headers: HttpReply['headers'] = {}, contentType = 'application/json'): HttpReply => ({
  ...{ kind: 'http', status: 200, body: Buffer.from(body), contentType, headers },
})

const cookies = { 'set-cookie': ['a=1; Path=/', 'JSESSIONID=x=y; HttpOnly'] }

describe('compileCapture', () => {
  it.each<[string, HttpReply, string | undefined]>([
    ['json:$.data.token', reply('{"data":{"token":"t"}}'), 't'],
    ['json:$.list[1]', reply('{"list":[1,2]}'), '2'],
    ['json:$.ok', reply('{"ok":true}'), 'true'],
    ['json:$', reply('"\\u79d8"'), '秘'],
    ['json:$.data', reply('{"data":null}'), undefined],
    ['json:$.data', reply('{"data":{}}'), undefined],
    ['json:$.data', reply('<html>'), undefined],
    ['header:Authorization', reply('', { authorization: 'Bearer t' }), 'Bearer t'],
    ['header:x', reply('', {}), undefined],
    ['header:x', reply('', undefined), undefined],
    ['cookie:JSESSIONID', reply('', cookies), 'x=y'],
    ['cookie:a', reply('', { 'set-cookie': 'a=1; Path=/' }), '1'],
    ['cookie:JSESSION', reply('', cookies), undefined],
    ['regex:/name="csrf" value="([^"]+)"/', reply('<input name="csrf" value="c1">', {}, 'text/html'), 'c1'],
    ['regex:[0-9a-f]{4}', reply('path ab12!'), 'ab12'],
    ['regex:/TOKEN=(\\w+)/i', reply('token=q'), 'q'],
    ['regex:/none/', reply('something'), undefined],
  ])('%s', (source, from, value) => expect(compileCapture(source)(from)).toBe(value))

  it.each(['', 'json:', 'json:data', 'json:$.a=1', 'xpath:/a', 'regex:/(/', 'header'])('refuses %j', (source) => {
    expect(() => compileCapture(source)).toThrow(/captures nothing/)
  })
})

it('captures come together, or the first that is missing', () => {
  const read = compileCaptures({ token: 'json:$.t', sid: 'cookie:a' })
  expect(read(reply('{"t":1}', cookies))).toEqual({ values: { token: '1', sid: '1' } })
  expect(read(reply('{"t":1}'))).toEqual({ missing: 'sid' })
  expect(read(reply('{}'))).toEqual({ missing: 'token' })
})
