import { describe, expect, it } from 'vitest'
import { answerOf } from '../../src/history/answer.js'
import { PRESETS, presetRules } from '../../src/history/presets.js'

const told = (preset: string, answer: string, status = 200) =>
  presetRules(preset).find((rule) => rule.matches(status, answerOf(answer)))?.outcome

describe('hm-dianping', () => {
  it.each([
    ['{"success":true,"data":152834710257664001}', 'sold'],
    ['{"success":false,"errorMsg":"库存不足！"}', 'sold_out'],
    ['{"success":false,"errorMsg":"不能重复下单"}', 'already_bought'],
    ['{"success":false,"errorMsg":"不允许重复下单"}', 'already_bought'],
    ['{"success":false,"errorMsg":"用户已经购买过一次！"}', 'already_bought'],
    ['{"success":false,"errorMsg":"秒杀尚未开始"}', 'not_open'],
    ['{"success":false,"errorMsg":"秒杀已经结束！"}', 'not_open'],
    ['{"success":false,"errorMsg":"服务器异常"}', undefined],
    ['', undefined],
  ])('%s', (answer, outcome) => expect(told('hm-dianping', answer)).toBe(outcome))
})

describe('miaosha', () => {
  it.each([
    ['{"code":0,"msg":"success","data":0}', 'queued'],
    ['{"code":0,"msg":"success","data":{"id":7,"userId":13}}', 'sold'],
    ['{"code":500500,"msg":"商品已经秒杀完毕","data":null}', 'sold_out'],
    ['{"code":500501,"msg":"不能重复秒杀","data":null}', 'already_bought'],
    ['{"code":500104,"msg":"访问太频繁！","data":null}', 'throttled'],
    ['{"code":500102,"msg":"请求非法","data":null}', 'rejected'],
    ['{"code":500210,"msg":"Session不存在或者已经失效","data":null}', 'error'],
    ['{"code":40001,"message":"商品已经秒杀完毕"}', 'sold_out'],
    ['{"code":40002,"message":"不能重复秒杀"}', 'already_bought'],
    ['{"code":500502,"msg":"秒杀失败","data":null}', undefined],
  ])('%s', (answer, outcome) => expect(told('miaosha', answer)).toBe(outcome))
})

it('document', () => expect(told('document', '"恭喜您，您已抢到。"')).toBe('sold'))

it('a name that is none is refused, with the one that was meant', () => {
  expect(() => presetRules('hm-dianpin')).toThrow('no preset "hm-dianpin"; did you mean hm-dianping?')
  expect(PRESETS).toEqual(['document', 'hm-dianping', 'miaosha'])
})
