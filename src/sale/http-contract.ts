import type { Outcome } from './outcome.js'

/** What the document's shop says, word for word; every one of them is sent with HTTP 200. */
export const DOCUMENT_MESSAGES = {
  sold: '恭喜您，您已抢到。',
  already_bought: '您已经抢到了，请勿重复请求。',
  insufficient_stock: '不好意思，库存不足了，请减少数量再次请求。',
  sold_out: '很遗憾，抢购已经结束。',
  rejected: '对不起，请选择正确的抢购数量！',
} as const satisfies Partial<Record<Outcome, string>>

/** What `seckill serve` says, as `{"error": …}`, where the document has no message: the outcome of the purchase comes first. */
export const TROUBLE_MESSAGES = {
  throttled: 'throttled: too many buyers at once; nothing was bought, try again',
  error: 'error: Redis refused; nothing was bought',
  not_sent: 'not_sent: Redis cannot be reached; nothing was bought',
  unknown: 'unknown: Redis did not answer in time; this may have bought',
} as const satisfies Partial<Record<Outcome, string>>

/** How to read what `seckill serve` says of orders: `{"ticket": …}` at first, `{"ticket": …, "state": …}` when asked again. */
export const QUEUE_ANSWERS: readonly string[] = [
  'queued=json:$.state="pending"',
  'sold=json:$.state="sold"',
  'sold_out=json:$.state="sold_out"',
  'already_bought=json:$.state="already_bought"',
  'insufficient_stock=json:$.state="insufficient_stock"',
  'error=json:$.state="failed"',
  'queued=json:$.ticket',
]

/** The outcome when no rule matched: only what certainly bought nothing is called so. */
export const outcomeOfStatus = (status: number): Outcome => {
  if (status === 429) return 'throttled'
  if (status >= 400 && status < 500 && status !== 408) return 'error'
  return 'unknown'
}
