import { describe, expect, it } from 'vitest'
import { answerOf, readAnswer } from '../../src/history/answer.js'
import { maskAnswer } from '../../src/history/mask-answer.js'

const bytes = (text: string) => Buffer.from(text)
const gbk = Buffer.from('c7c0b9bab3c9b9a6', 'hex')

describe('readAnswer', () => {
  it.each<[string, Buffer, string, string, unknown]>([
    ['a JSON string', bytes('"恭喜您"\n'), 'application/json', '恭喜您', '恭喜您'],
    ['a JSON string with escapes', bytes('"\\u606d\\u559c\\u60a8"\n'), 'application/json', '恭喜您', '恭喜您'],
    ['an escaped pair of surrogates', bytes('"\\ud83d\\ude00"'), '', '😀', '😀'],
    ['plain text', bytes('  恭喜您\r\n'), 'text/plain', '恭喜您', undefined],
    ['escapes in plain text', bytes('msg: \\u606D\\u559c, \\u0022x\\u0022'), 'text/plain', 'msg: 恭喜, "x"', undefined],
    ['an escaped backslash in plain text', bytes('a\\\\u606d'), '', 'a\\\\u606d', undefined],
    ['a path that looks like an escape', bytes('C:\\users\\u12'), '', 'C:\\users\\u12', undefined],
    ['GBK', gbk, 'text/html; charset="GBK"', '抢购成功', undefined],
    ['GB18030', gbk, 'text/html;Charset=gb18030', '抢购成功', undefined],
    ['a charset that nobody knows', bytes('抢购'), 'text/plain; charset=klingon', '抢购', undefined],
    ['UTF-16', Buffer.from('\ufeff抢购', 'utf16le'), 'text/plain; charset=utf-16le', '抢购', undefined],
    ['a byte order mark', bytes('\ufeff{"code":0}'), 'application/json', '{"code":0}', { code: 0 }],
    ['a byte order mark against the charset', bytes('\ufeff抢购'), 'text/plain; charset=gbk', '抢购', undefined],
    ['a number', bytes('1'), '', '1', 1],
    ['null', bytes('null'), '', 'null', null],
    ['nothing', bytes(''), '', '', undefined],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff]), '', 'a\ufffd', undefined],
  ])('%s', (_name, body, contentType, text, json) => {
    expect(readAnswer(body, contentType)).toMatchObject({ text, json })
  })

  it('decodes escapes in JSON so that it stays the same JSON', () => {
    const source = '{"msg":"\\u62a2\\u5230 \\u0022x\\u0022 \\u005c \\u000a","path":"\\\\u62a2"}'
    const { text, json } = readAnswer(bytes(source), 'application/json')
    expect(text).toBe('{"msg":"抢到 \\u0022x\\u0022 \\u005c \\u000a","path":"\\\\u62a2"}')
    expect(JSON.parse(text)).toEqual(json)
    expect(json).toEqual({ msg: '抢到 "x" \\ \n', path: '\\u62a2' })
    expect(answerOf(text)).toMatchObject({ text, json })
  })
})

describe('maskAnswer', () => {
  it.each<[string, string]>([
    ['剩余 3 件', '剩余 12 件'],
    ['order 9f1b2c3d4e created', 'order 00aa11bb22 created'],
    ['id 123e4567-e89b-12d3-a456-426614174000', 'id 00000000-0000-4000-8000-000000000000'],
    ['{"code":0,"orderId":17}', '{"code":0,"orderId":942}'],
    ['{"code":0,"left":17}', '{"code":0,"left":9}'],
    ['{"code":0,"order":"20261111200000123456"}', '{"code":0,"order":"20261111200000654321"}'],
    ['{"ok":true,"at":"2026-11-11T20:00:05.123Z"}', '{"ok":true,"at":"2026-11-11T20:01:17.900Z"}'],
    ['{"t":0.0123}', '{"t":12.5}'],
    ['bought by user-000017', 'bought by user-000342'],
    ['bought by u0a1b2c3d', 'bought by uzzkfgaab'],
    ['user7 bought', 'user12 bought'],
    ['at 20:00:05', 'at 20:01:17'],
  ])('%s is like %s', (a, b) => expect(maskAnswer(a)).toBe(maskAnswer(b)))

  it.each<[string, string]>([
    ['0', '1'],
    ['-1', '1'],
    ['{"code":0}', '{"code":1}'],
    ['{"r": -1}', '{"r": 1}'],
    ['{"status":"200"}', '{"status":"500"}'],
    ['{"code":10001,"left":3}', '{"code":10002,"left":3}'],
    ['errno=5', 'errno=6'],
    ['<code>0</code>', '<code>1</code>'],
    ['E1001', 'E1002'],
    ['sold', 'sold out'],
  ])('%s is not like %s', (a, b) => expect(maskAnswer(a)).not.toBe(maskAnswer(b)))
})
