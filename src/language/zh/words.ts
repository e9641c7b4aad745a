import type { Sentences } from '../say.js'

/** Words that are data. Outcomes keep their names, which rules and thresholds are written with. */
export const WORDS: Sentences = {
  sold: 'sold 已抢到',
  already_bought: 'already_bought 已抢过',
  replayed: 'replayed 重复告知',
  insufficient_stock: 'insufficient_stock 库存不足',
  sold_out: 'sold_out 已售罄',
  not_open: 'not_open 未开放',
  rejected: 'rejected 请求无效',
  queued: 'queued 排队中',
  throttled: 'throttled 被限流',
  error: 'error 失败',
  unknown: 'unknown 未知',
  not_sent: 'not_sent 未发出',
  told: '告知买家',
  pass: '通过',
  fail: '不通过',
  FAIL: '不通过',
  inconclusive: '无法下结论',
  untested: '未检验',
  valid: '有效',
  suspect: '可疑',
  invalid: '无效',
  nothing: '无',
  no: '无',
  'left the stock': '库存减少',
}
