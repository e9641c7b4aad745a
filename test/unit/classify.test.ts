import { describe, expect, it } from 'vitest'
import { MAX_GROUPS, SAMPLE_LIMIT } from '../../src/history/attempt.js'
import { parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { Classifier } from '../../src/load/classify.js'
import type { Reply } from '../../src/load/transport.js'
import { OUTCOMES } from '../../src/sale/outcome.js'

const http = (body: string, status = 200, contentType = 'application/json'): Reply => ({
  kind: 'http',
  status,
  body: Buffer.from(body),
  contentType,
})
const failed = (note: string, outcome: 'unknown' | 'not_sent' = 'unknown'): Reply => ({ kind: 'failed', outcome, note })

describe('Classifier', () => {
  it('asks the given rules, then the document’s messages, then the status', () => {
    const classifier = new Classifier([parseOutcomeRule('sold_out=status:410'), parseOutcomeRule('queued=text:恭喜')])
    const told = (reply: Reply) => {
      const { outcome, rule } = classifier.classify(reply)
      return [outcome, rule]
    }
    expect(told(http('', 410))).toEqual(['sold_out', 'sold_out=status:410'])
    expect(told(http('"恭喜您，您已抢到。"'))).toEqual(['queued', 'queued=text:恭喜'])
    expect(told(http('"很遗憾，抢购已经结束。"', 500))).toEqual(['sold_out', 'sold_out=text=很遗憾，抢购已经结束。'])
    expect(told(http('slow down', 429))).toEqual(['throttled', 'status 429'])
    expect(told(http('no', 404))).toEqual(['error', 'status 404'])
    for (const status of [200, 302, 408, 500]) expect(told(http('?', status))).toEqual(['unknown', null])
    expect(told(failed('ECONNREFUSED', 'not_sent'))).toEqual(['not_sent', null])
    expect(told({ kind: 'outcome', outcome: 'replayed', note: '' })).toEqual(['replayed', null])
  })

  it('puts answers that read alike into one group, numbered in order', () => {
    const classifier = new Classifier([])
    const groups = [
      http('left 3'),
      http('left 12'),
      http('left 3', 500),
      http('gone'),
      failed('timeout'),
      failed('timeout'),
    ].map((reply) => classifier.classify(reply).group)
    expect(groups).toEqual([0, 0, 1, 2, 3, 3])
    expect(classifier.groups()).toMatchObject([
      { id: 0, status: 200, sample: 'left 3', outcome: 'unknown', rule: null },
      { id: 1, status: 500, sample: 'left 3' },
      { id: 2, sample: 'gone' },
      { id: 3, status: 0, sample: 'timeout', outcome: 'unknown' },
    ])
  })

  it('tells a strategy’s outcomes by name or note', () => {
    const classifier = new Classifier([])
    classifier.classify({ kind: 'outcome', outcome: 'sold', note: '' })
    classifier.classify({ kind: 'outcome', outcome: 'error', note: 'stock key goods_a is missing' })
    expect(classifier.groups()).toMatchObject([
      { status: 0, sample: 'sold', outcome: 'sold' },
      { status: 0, sample: 'stock key goods_a is missing', outcome: 'error' },
    ])
  })

  it('reads the same bytes by their content type, and remembers neither wrongly', () => {
    const classifier = new Classifier([parseOutcomeRule('sold=text=抢购')])
    const body = Buffer.from('c7c0b9ba', 'hex')
    const reply = (contentType: string): Reply => ({ kind: 'http', status: 200, body, contentType })
    for (const _round of [1, 2]) {
      expect(classifier.classify(reply('text/plain; charset=gbk')).outcome).toBe('sold')
      expect(classifier.classify(reply('text/plain')).outcome).toBe('unknown')
    }
  })

  it('keeps nothing of a buffer that is read into again', () => {
    const classifier = new Classifier([parseOutcomeRule('sold=text=yes'), parseOutcomeRule('sold_out=text=no!')])
    const body = Buffer.alloc(3)
    const told = (text: string) => {
      body.write(text)
      return classifier.classify({ kind: 'http', status: 200, body, contentType: '' }).outcome
    }
    const texts = ['yes', 'no!', 'yes', 'yes', 'no!', 'no!', 'yes', 'huh', 'yes']
    expect(texts.map(told)).toEqual(
      texts.map((text) => (text === 'yes' ? 'sold' : text === 'no!' ? 'sold_out' : 'unknown')),
    )
  })

  it('hands out each new group once', () => {
    const classifier = new Classifier([])
    classifier.classify(http('a'))
    expect(classifier.takeNewGroups().map(({ id }) => id)).toEqual([0])
    classifier.classify(http('a'))
    classifier.classify(http('b'))
    expect(classifier.takeNewGroups().map(({ id }) => id)).toEqual([1])
    expect(classifier.takeNewGroups()).toEqual([])
    expect(classifier.groups()).toHaveLength(2)
  })

  it('keeps a bounded number of groups, and long answers cut', () => {
    const classifier = new Classifier([])
    const word = (i: number) => [...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
    for (let i = 0; i < MAX_GROUPS + 500; i++)
      classifier.classify(http(`${word(i)} ${'长'.repeat(2_000)}`, i % 2 ? 200 : 404))
    const groups = classifier.groups()
    expect(groups).toHaveLength(MAX_GROUPS + 2)
    expect(groups.length).toBeLessThanOrEqual(MAX_GROUPS + OUTCOMES.length)
    expect(groups.slice(MAX_GROUPS).map(({ status, outcome }) => [status, outcome])).toEqual([
      [0, 'error'],
      [0, 'unknown'],
    ])
    expect(groups.every(({ id, sample }, i) => id === i && sample.length <= SAMPLE_LIMIT)).toBe(true)
    expect(classifier.classify(http(`${word(3)} ${'长'.repeat(2_000)}`)).group).toBe(3)
  })

  it('counts what comes when all groups are full', () => {
    const classifier = new Classifier([])
    const word = (i: number) => [...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
    for (let i = 0; i < MAX_GROUPS; i++) classifier.classify(http(word(i)))
    expect(classifier.beyondGroups()).toBe(0)
    for (const _round of [1, 2]) classifier.classify(http('one more'))
    classifier.classify(http('and another', 404))
    classifier.classify(http(word(3)))
    expect(classifier.beyondGroups()).toBe(3)
  })

  it('what a step before the purchase answers has bought nothing', () => {
    const classifier = new Classifier([
      parseOutcomeRule('sold=json:$.code=0'),
      parseOutcomeRule('sold_out=json:$.code=1'),
    ])
    const step = (body: string, status = 200) => classifier.classify({ ...http(body, status), step: 'step 1' } as Reply)
    expect(step('{"code":0,"data":null}').outcome).toBe('not_sent')
    expect(step('{"code":1}').outcome).toBe('sold_out')
    expect(step('what?').outcome).toBe('not_sent')
    expect(step('slow down', 429).outcome).toBe('throttled')
    expect(step('no', 403).outcome).toBe('error')
    expect(classifier.groups()[0]).toMatchObject({
      status: 0,
      sample: 'step 1: 200 {"code":0,"data":null}',
      rule: null,
    })
    expect(classifier.unmatched()).toEqual([])
  })

  it('does not cut a character in half', () => {
    const classifier = new Classifier([])
    classifier.classify(http(`${'x'.repeat(SAMPLE_LIMIT - 1)}😀`))
    expect(classifier.groups()[0]!.sample).toBe('x'.repeat(SAMPLE_LIMIT - 1))
  })

  it('stays right when more different answers come than it remembers', () => {
    const classifier = new Classifier([parseOutcomeRule('sold=regex:[05]$')])
    for (const _round of [1, 2]) {
      for (let i = 0; i < 5_000; i++) {
        const { outcome } = classifier.classify(http(`nr ${i}`))
        if ((outcome === 'sold') !== (i % 5 === 0)) expect.fail(`nr ${i} was ${outcome}`)
      }
    }
    expect(classifier.groups()).toHaveLength(2)
  })

  it('tells what no rule matched, the most frequent first, with a rule to paste', () => {
    const classifier = new Classifier([])
    const replies = [
      http('"恭喜您，您已抢到。"'),
      http('{"code":0,"msg":"抢购成功"}'),
      http('{"code":1,"msg":"已售罄","left":0}'),
      http('{"code":1,"msg":"已售罄","left":7}'),
      http('{"code":1,"msg":"已售罄","left":8}'),
      http('busy', 429),
      failed('timeout'),
      http('nope', 404),
      http('nope', 404),
    ]
    for (const reply of replies) classifier.classify(reply)
    expect(classifier.unmatched()).toEqual([
      {
        count: 3,
        status: 200,
        sample: '{"code":1,"msg":"已售罄","left":0}',
        suggestedRule: `--outcome 'sold_out=json:$.msg="已售罄"'`,
      },
      { count: 2, status: 404, sample: 'nope', suggestedRule: "--outcome 'OUTCOME=text:nope'" },
      { count: 1, status: 200, sample: '{"code":0,"msg":"抢购成功"}', suggestedRule: "--outcome 'sold=json:$.code=0'" },
    ])
    expect(new Classifier([]).unmatched()).toEqual([])
  })
})

it.each([
  ['order ', "--outcome 'OUTCOME=text:order'"],
  ['', "--outcome 'OUTCOME=status:200'"],
])('for ids of letters after %j, one rule that covers them all', (start, suggestedRule) => {
  const classifier = new Classifier([])
  const letters = (i: number) => String(i).replace(/\d/g, (digit) => 'qwrtzpsdfg'[Number(digit)]!)
  for (let i = 100; i < 400; i++) {
    const body = Buffer.from(`${start}${letters(i)}`)
    classifier.classify({ kind: 'http', status: 200, body, contentType: 'text/plain' })
  }
  expect(classifier.unmatched()).toEqual([{ count: 300, status: 200, sample: `${start}wqq`, suggestedRule }])
})
