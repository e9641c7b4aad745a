import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { answerOf } from '../../src/history/answer.js'
import { documentRules, outcomeRuleOf, parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { suggestRule } from '../../src/history/suggest-rule.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'

const matches = (rule: string, answer: string, status = 200) => parseOutcomeRule(rule).matches(status, answerOf(answer))

const failure = (read: () => unknown): SeckillError => {
  try {
    read()
  } catch (error) {
    if (error instanceof SeckillError) return error
  }
  throw new Error('accepted')
}

describe('parseOutcomeRule', () => {
  it.each<[string, string, number?]>([
    ['sold=status:201', '', 201],
    ['sold_out=status:4xx', '', 410],
    ['sold=text:抢到', '恭喜您，您已抢到。'],
    ['sold=text=a=b:c', ' a=b:c '],
    ['sold=regex:/SUCC(ess)?$/i', 'big success'],
    ['sold=regex:^ok \\d+$', 'ok 12'],
    ['sold=regex:a/b', 'xa/bx'],
    ['sold=json:$.code=0', '{"code":0}'],
    ['sold=json:$.data.state="SOLD"', '{"data":{"state":"SOLD"}}'],
    ['sold=json:$.data.state=SOLD', '{"data":{"state":"SOLD"}}'],
    ["sold=json:$['a b'][1].c=true", '{"a b":[0,{"c":true}]}'],
    ['sold=json:$["a\'b"]=1', '{"a\'b":1}'],
    ['sold=json:$.结果.码=0', '{"结果":{"码":0}}'],
    ['sold=json:$.a={"b":[1,2]}', '{"a":{"b":[1,2]}}'],
    ['sold=json:$.a=null', '{"a":null}'],
    ['sold=json:$.success', '{"success":true}'],
    ['sold=json:$.order', '{"order":{}}'],
    ['sold=json:$=1', '1'],
    ['sold=json:$.expr=a=b', '{"expr":"a=b"}'],
  ])('%s matches %s', (rule, answer, status) => {
    expect(matches(rule, answer, status)).toBe(true)
    expect(parseOutcomeRule(rule).source).toBe(rule)
  })

  it.each<[string, string, number?]>([
    ['sold=status:201', '', 200],
    ['sold_out=status:4xx', '', 500],
    ['sold=text=抢到', '恭喜您，您已抢到。'],
    ['sold=regex:/success/', 'SUCCESS'],
    ['sold=json:$.code=0', '{"code":1}'],
    ['sold=json:$.code=0', '{"code":"0"}'],
    ['sold=json:$.code="0"', '{"code":0}'],
    ['sold=json:$.code=0', 'code=0'],
    ['sold=json:$.a=null', '{}'],
    ['sold=json:$.success', '{"success":false}'],
    ['sold=json:$.success', '{"success":0}'],
    ['sold=json:$.success', '{}'],
    ['sold=json:$.a.b', '{"a":null}'],
    ['sold=json:$.length', '[1,2]'],
    ['sold=json:$.constructor', '{}'],
    ['sold=json:$[2]', '[1,2]'],
  ])('%s does not match %s', (rule, answer, status) => expect(matches(rule, answer, status)).toBe(false))

  it.each<[string, RegExp]>([
    ['', /not of the form/],
    ['sold', /not of the form/],
    ['sold=', /not of the form/],
    ['sold=xpath:/a', /not of the form/],
    ['sould=text:x', /no outcome "sould"; did you mean sold\?/],
    ['sold-out=text:x', /did you mean sold_out\?/],
    ['=text:x', /one of sold, /],
    ['sold=text:', /nothing to compare/],
    ['sold=status:abc', /no status test/],
    ['sold=status:999', /no status test/],
    ['sold=status=409', /status takes a colon/],
    ['sold=regex:/(/', /no regex test/],
    ['sold=regex:(', /no regex test/],
    ['sold=regex:/ok/g', /no regex test/],
    ['sold=json:code=0', /no json test/],
    ['sold=json:$code=0', /no json test/],
    ['sold=json:$.a[x]=0', /no json test/],
  ])('refuses %s', (rule, message) => {
    const error = failure(() => parseOutcomeRule(rule))
    expect(error.code).toBe('usage')
    expect(error.message).toMatch(message)
    expect(error.hint).toContain('--outcome')
  })

  it('does not remember an earlier match', () => {
    const rule = parseOutcomeRule('sold=regex:/ok/i')
    expect([1, 2, 3].map(() => rule.matches(200, answerOf('OK')))).toEqual([true, true, true])
  })
})

describe('documentRules', () => {
  it.each(Object.entries(DOCUMENT_MESSAGES))('%s', (outcome, message) => {
    const answer = answerOf(JSON.stringify(message))
    expect(documentRules.filter((rule) => rule.matches(200, answer)).map((rule) => rule.outcome)).toEqual([outcome])
    expect(documentRules.some((rule) => rule.matches(200, answerOf(`${message}!`)))).toBe(false)
  })
})

describe('outcomeRuleOf', () => {
  it.each([
    [{ json: '$.code', equals: 0, is: 'sold' }, 'sold=json:$.code=0'],
    [{ json: '$.code', equals: 'A', is: 'sold' }, 'sold=json:$.code="A"'],
    [{ json: '$.ok', is: 'sold' }, 'sold=json:$.ok'],
    [{ status: 409, is: 'sold_out' }, 'sold_out=status:409'],
    [{ status: '5xx', is: 'error' }, 'error=status:5xx'],
    [{ text: '抢到', is: 'sold' }, 'sold=text:抢到'],
    [{ regex: '/x/i', is: 'sold' }, 'sold=regex:/x/i'],
  ])('%j', (object, source) => expect(outcomeRuleOf(object).source).toBe(source))

  it.each([
    [{ is: 'sold' }, /exactly one/],
    [{ is: 'sold', text: 'a', status: 200 }, /exactly one/],
    [{ is: 'sold', text: 'a', equals: 1 }, /equals goes with json/],
    [{ is: 'sould', text: 'a' }, /did you mean sold/],
  ])('refuses %j', (object, message) => expect(failure(() => outcomeRuleOf(object)).message).toMatch(message))
})

describe('suggestRule', () => {
  it.each<[number, string, string]>([
    [200, '{"code":0,"msg":"抢购成功"}', 'sold=json:$.code=0'],
    [200, '{"code":200,"msg":"已售罄"}', 'sold_out=json:$.msg="已售罄"'],
    [200, '{"code":5001,"msg":"已售罄"}', 'sold_out=json:$.code=5001'],
    [200, '{"code":0}', 'OUTCOME=json:$.code=0'],
    [200, '{"success":false}', 'OUTCOME=json:$.success=false'],
    [200, '{"data":{"state":"QUEUED"}}', 'queued=json:$.data.state="QUEUED"'],
    [200, '{"message":"You already bought one"}', 'already_bought=json:$.message="You already bought one"'],
    [200, '{"x":1}', 'OUTCOME=status:200'],
    [200, '活动未开始', 'not_open=text:活动未开始'],
    [200, '抢购失败', 'OUTCOME=text:抢购失败'],
    [200, '库存不足，剩余 3 件', 'insufficient_stock=text:库存不足，剩余'],
    [200, '1', 'OUTCOME=text=1'],
    [409, '', 'OUTCOME=status:409'],
    [502, '<html>Bad Gateway</html>', 'OUTCOME=status:502'],
    [200, "can't buy: sold out", "sold_out=text:can'\\''t buy: sold out"],
  ])('%d %s', (status, answer, rule) => {
    expect(suggestRule(status, answerOf(answer))).toBe(`--outcome '${rule}'`)
  })

  it('passes over a field that does not tell answers apart', () => {
    const sold = answerOf('{"code":200,"msg":"抢购成功"}')
    const gone = answerOf('{"code":200,"msg":"已售罄"}')
    expect(suggestRule(200, sold, [sold, gone])).toBe(`--outcome 'sold=json:$.msg="抢购成功"'`)
  })

  it('what it suggests matches the answer', () => {
    for (const text of [
      '{"code":0,"msg":"ok"}',
      '{"a":{"status":"x y"}}',
      '{"err code":1,"msg":"it\'s"}',
      '抢到 3 件',
      '-1',
      '',
    ]) {
      const suggestion = suggestRule(200, answerOf(text))
      const rule = suggestion.slice("--outcome '".length, -1).replaceAll("'\\''", "'").replace('OUTCOME', 'sold')
      expect(matches(rule, text), suggestion).toBe(true)
    }
  })
})
