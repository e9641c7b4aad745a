import { describe, expect, it } from 'vitest'
import { answerOf } from '../../src/history/answer.js'
import { suggestRule } from '../../src/history/suggest-rule.js'
import { OUTCOMES, type Outcome } from '../../src/sale/outcome.js'
import { OUTCOME_ANSWERS } from '../../src/server/answers.js'

/** The outcome that a suggestion names. */
const suggested = (status: number, text: string, others: readonly string[] = []): string =>
  /^--outcome '([^=]+)=/.exec(suggestRule(status, answerOf(text), others.map(answerOf)))?.[1] ?? 'none'

const ofMessage = (message: string, status = 200) => suggested(status, JSON.stringify({ error: message }))

describe('the answers of seckill serve', () => {
  const NAMED: readonly Outcome[] = ['throttled', 'error', 'unknown', 'not_sent']

  it.each(OUTCOMES)('%s is never taken for another outcome', (outcome) => {
    const { status, body } = OUTCOME_ANSWERS[outcome]
    expect([outcome, 'OUTCOME']).toContain(suggested(status, body))
    if (NAMED.includes(outcome)) expect(suggested(status, body)).toBe(outcome)
  })

  it('a refusal without an outcome at its head', () => {
    expect(ofMessage('Redis cannot be reached or refused; nothing was bought', 503)).toBe('error')
    expect(ofMessage('internal error', 500)).toBe('OUTCOME')
    expect(ofMessage('no stock at key goods_a: run seckill init first', 404)).not.toBe('sold')
  })
})

describe('no sale is read out of', () => {
  it.each([
    'this may have bought',
    'you might have purchased it',
    'nothing was purchased',
    'nobody bought',
    'item not bought',
    'could not be bought',
    'you haven’t bought anything',
    "wasn't purchased",
    'unable to confirm: bought?',
    'unknown whether it was bought',
    'Purchase unsuccessful',
    'failed to succeed',
    'never succeeded',
    'order not_sent, nothing bought',
    '未能抢到',
    '没能抢到',
    '没有抢购成功',
    '抢购未成功',
    '未下单成功',
    '抢不到了',
    '无法确认是否下单成功',
    '可能已抢到，请查看订单',
    '下单成功与否未知',
    '恭喜王伟，商品已售罄',
    '恭喜您？未抢到',
  ])('%s', (message) => {
    expect(ofMessage(message)).not.toBe('sold')
    expect(suggested(200, message)).not.toBe('sold')
  })

  it.each([400, 404, 409, 410, 429, 500, 502, 503])('status %d, whatever it says', (status) => {
    for (const text of ['{"code":0,"msg":"抢购成功"}', 'bought', 'sold', 'sold: 1', '{"message":"success"}'])
      expect(suggested(status, text)).not.toBe('sold')
  })
})

describe('a sale is read out of', () => {
  it.each([
    '恭喜您，您已抢到。',
    '抢购成功',
    '下单成功',
    'Success',
    'You bought 1',
    'Congratulations!',
    'sold',
    'sold: 2',
  ])('%s', (message) => {
    expect(ofMessage(message)).toBe('sold')
    expect(suggested(201, message)).toBe('sold')
  })
})

describe('an outcome at the head of a message', () => {
  it.each(OUTCOMES.filter((outcome) => outcome !== 'error'))('%s: decides, whatever follows', (outcome) => {
    expect(ofMessage(`${outcome}: already bought, try again`)).toBe(outcome)
    expect(suggested(200, `${outcome}: try again`)).toBe(outcome)
  })

  it('but every shop begins with "error:", and that says little', () => {
    expect(ofMessage('error: sold out')).toBe('sold_out')
    expect(ofMessage('error: upstream timed out', 502)).toBe('OUTCOME')
    expect(ofMessage('error: nothing was bought')).toBe('error')
  })

  it('only there', () => {
    expect(ofMessage('state unknown: sold out')).toBe('sold_out')
    expect(ofMessage('unknown')).toBe('OUTCOME')
  })
})

it('a field that tells answers apart is chosen by their words, whatever their status', () => {
  const failed = '{"code":0,"msg":"success"}'
  const others = [failed, '{"code":1,"msg":"已售罄"}']
  expect(suggestRule(500, answerOf(failed), others.map(answerOf))).toBe(`--outcome 'OUTCOME=json:$.code=0'`)
})
