import { describe, expect, it } from 'vitest'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import { OUTCOMES } from '../../src/sale/outcome.js'
import { OUTCOME_ANSWERS } from '../../src/server/answers.js'
import { asciiJson } from '../../src/server/escape.js'
import { purchaseIn } from '../../src/server/form.js'
import { listenError } from '../../src/server/listen-error.js'

describe('asciiJson', () => {
  // Right-hand sides: json.dumps of CPython 3.
  it.each([
    ['抢到', '"\\u62a2\\u5230"'],
    ['a"b\\c/d', '"a\\"b\\\\c/d"'],
    ['\b\f\n\r\t\u0000\u001f', '"\\b\\f\\n\\r\\t\\u0000\\u001f"'],
    ['~\u007f\u0080é', '"~\\u007f\\u0080\\u00e9"'],
    ['😀', '"\\ud83d\\ude00"'],
    ['\ud800', '"\\ud800"'],
    ['\u2028', '"\\u2028"'],
  ])('writes %j as Python does', (text, json) => {
    expect(asciiJson(text)).toBe(json)
    expect(JSON.parse(json)).toBe(text)
  })
})

describe('answers', () => {
  it('send the five messages of the document with 200, byte for byte', () => {
    expect(OUTCOME_ANSWERS.sold.body).toBe('"\\u606d\\u559c\\u60a8\\uff0c\\u60a8\\u5df2\\u62a2\\u5230\\u3002"\n')
    for (const [outcome, message] of Object.entries(DOCUMENT_MESSAGES)) {
      const { status, body, headers } = OUTCOME_ANSWERS[outcome as keyof typeof DOCUMENT_MESSAGES]
      expect(status).toBe(200)
      expect(JSON.parse(body)).toBe(message)
      expect(headers['content-type']).toBe('application/json')
    }
  })

  it('give every other outcome an error and a status', () => {
    for (const outcome of OUTCOMES.filter((name) => !(name in DOCUMENT_MESSAGES))) {
      const { status, body, headers } = OUTCOME_ANSWERS[outcome]
      expect(status).toBe(outcome === 'throttled' ? 429 : 503)
      expect(JSON.parse(body).error).toContain(outcome)
      expect(headers['retry-after']).toBe('1')
    }
  })
})

describe('purchaseIn', () => {
  it.each([
    [
      { username: '小明', purchase: '2' },
      { user: '小明', quantity: 2 },
    ],
    [
      { username: 7, purchase: 1 },
      { user: '7', quantity: 1 },
    ],
    [
      { username: ['a', 'b'], purchase: ['1', '2'] },
      { user: 'a', quantity: 1 },
    ],
    [
      { username: 'a', purchase: '1.0' },
      { user: 'a', quantity: Number.NaN },
    ],
    [
      { username: 'a', purchase: '-1' },
      { user: 'a', quantity: Number.NaN },
    ],
    [
      { username: 'a', purchase: '0x1' },
      { user: 'a', quantity: Number.NaN },
    ],
    [
      { username: 'a', purchase: true },
      { user: 'a', quantity: 9 },
    ],
    [{ username: { $ne: 1 } }, { user: '', quantity: 9 }],
    ['username=a', { user: '', quantity: 9 }],
    [null, { user: '', quantity: 9 }],
    [undefined, { user: '', quantity: 9 }],
  ])('reads %j', (body, purchase) => {
    expect(purchaseIn(body, 9)).toEqual(purchase)
  })
})

describe('listenError', () => {
  const of = (code: string, port: number, platform = 'linux') =>
    listenError(Object.assign(new Error(code), { code }), '127.0.0.1', port, platform)

  it('names AirPlay where it may hold the port', () => {
    expect(of('EADDRINUSE', 5000, 'darwin')).toMatchObject({ code: 'port_in_use', exitCode: 2 })
    expect(of('EADDRINUSE', 5000, 'darwin').hint).toContain('AirPlay Receiver')
    expect(of('EADDRINUSE', 5001, 'darwin').hint).not.toContain('AirPlay')
    expect(of('EADDRINUSE', 5000).hint).not.toContain('AirPlay')
  })

  it('tells privileged ports and foreign hosts', () => {
    expect(of('EACCES', 80)).toMatchObject({ code: 'usage', hint: 'take one from 1024 up with --port' })
    expect(of('EADDRNOTAVAIL', 5000)).toMatchObject({ code: 'usage', exitCode: 2 })
  })
})
