import { describe, expect, it } from 'vitest'
import { answerOf, readAnswer } from '../../src/history/answer.js'
import { formatJsonPath, parseJsonPath } from '../../src/history/json-path.js'
import { maskAnswer } from '../../src/history/mask-answer.js'
import { parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { suggestRule } from '../../src/history/suggest-rule.js'
import { Classifier } from '../../src/load/classify.js'
import { compileRequest, displayUrl } from '../../src/load/request.js'
import { fc } from '../helpers/fc.js'

const anyText = fc.string({ unit: 'binary' })
const url = 'http://127.0.0.1/'
const shotOf = (user: string) => ({ userIndex: 3, copy: 0, quantity: 2, user })
const everyEscape = (text: string) =>
  text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

describe('requests', () => {
  it('a form carries any user through', () => {
    const { build } = compileRequest({ url, form: { 'a&b': '<{{user}}>', q: '{{quantity}}' } })
    fc.assert(
      fc.property(anyText, (user) => {
        const form = new URLSearchParams(build(shotOf(user)).body!)
        expect([...form]).toEqual([
          ['a&b', `<${user}>`],
          ['q', '2'],
        ])
      }),
    )
  })

  it('half surrogates do no harm', () => {
    const { build } = compileRequest({
      url: `${url}{{user}}`,
      form: { u: '{{user}}' },
      headers: { 'x-user': '{{user}}' },
    })
    expect(build(shotOf('\ud800x'))).toMatchObject({ path: '/%EF%BF%BDx', body: 'u=%EF%BF%BDx' })
  })

  it('a path carries any user through, as one segment', () => {
    const { build } = compileRequest({ url: `${url}buy/{{user}}/x?u={{user}}` })
    fc.assert(
      fc.property(anyText, (user) => {
        const { path } = build(shotOf(user))
        expect(path).toMatch(/^[\x21-\x7e]+$/)
        const [, , segment, tail, ...more] = path.split('/')
        expect(tail).toMatch(/^x\?u=/)
        expect(decodeURIComponent(segment!)).toBe(user)
        expect(more).toEqual([])
        expect(new URLSearchParams(path.split('?')[1]).get('u')).toBe(user)
      }),
    )
  })

  it('JSON parses to the same values, whatever the user and the template', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, user) => {
        fc.pre(!JSON.stringify(value).includes('{{'))
        const { build } = compileRequest({ url, json: { value, user: '{{user}}', quantity: '{{quantity}}' } })
        const body = JSON.parse(build(shotOf(user)).body!)
        expect(body).toEqual(JSON.parse(JSON.stringify({ value, user, quantity: 2 })))
      }),
    )
  })

  it('a password is never shown', () => {
    const raw = fc.string({ unit: fc.constantFrom(...'@:/?#%,[]S') }).map((text) => `Sesame${text}Sesame`)
    fc.assert(
      fc.property(fc.constantFrom('http://', 'https://', 'nope://', ''), raw, (scheme, password) => {
        expect(displayUrl(`${scheme}u:${password}@h/x`)).not.toContain('Sesame')
      }),
    )
  })
})

describe('answers', () => {
  it('a JSON string is read back whole, escaped or not', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const trimmed = text.trim()
        expect(readAnswer(Buffer.from(`${JSON.stringify(text)}\n`), '').text).toBe(trimmed)
        expect(readAnswer(Buffer.from(`"${everyEscape(text)}"`), '').text).toBe(trimmed)
      }),
    )
  })

  it('decoding escapes keeps JSON the same, and is done once and for all', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, escaped) => {
        fc.pre(typeof value !== 'string')
        const source = JSON.stringify(value)
        const sent = escaped ? source.replace(/[^ -~]/g, everyEscape) : source
        const answer = readAnswer(Buffer.from(sent), 'application/json')
        expect(answer.json).toEqual(JSON.parse(source))
        expect(JSON.parse(answer.text)).toEqual(JSON.parse(source))
        expect(answerOf(answer.text)).toEqual(answer)
      }),
    )
  })

  it('masking twice is masking once', () => {
    const unit = fc.oneof(
      fc.constantFrom(...'0123456789abcdefuxyzE-_.:="\'<>{} #,', 'code', 'left', '抢'),
      fc.string({ maxLength: 1 }),
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        expect(maskAnswer(maskAnswer(text))).toBe(maskAnswer(text))
      }),
      { numRuns: 5_000 },
    )
  })

  it('any JSON path is read as it was written', () => {
    const step = fc.oneof(
      fc.nat(),
      fc.string({ minLength: 1 }).filter((name) => !(name.includes("'") && name.includes('"'))),
    )
    fc.assert(
      fc.property(fc.array(step), (path) => {
        expect(parseJsonPath(formatJsonPath(path))).toEqual({ path, rest: '' })
      }),
    )
  })

  it('a suggested rule can be pasted, and matches the answer it was made for', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.json(), fc.constantFrom('{"msg":"it\'s 3"}')),
        fc.integer({ min: 100, max: 599 }),
        (body, status) => {
          const answer = answerOf(body)
          const flag = suggestRule(status, answer)
          expect(flag).toMatch(/^--outcome '.*'$/s)
          const rule = flag
            .slice("--outcome '".length, -1)
            .replaceAll("'\\''", "'")
            .replace(/^OUTCOME/, 'sold')
          expect(parseOutcomeRule(rule).matches(status, answer)).toBe(true)
        },
      ),
    )
  })

  it('a classifier says the same the second time, and counts in groups that exist', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 20 }), fc.constantFrom(200, 404, 429, 500), (bodies, status) => {
        const classifier = new Classifier([parseOutcomeRule('sold=regex:/[aeiou]/')])
        const classify = () =>
          bodies.map((body) => classifier.classify({ kind: 'http', status, body: Buffer.from(body), contentType: '' }))
        const first = classify()
        expect(classify()).toEqual(first)
        const groups = classifier.groups()
        for (const { group, outcome, rule } of first) expect(groups[group]).toMatchObject({ id: group, outcome, rule })
      }),
    )
  })
})
