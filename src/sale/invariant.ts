/** The invariants of a sale: stable ids, their order in every report, their short names in Chinese. */
export const INVARIANTS = {
  'no-oversell': '超卖',
  'no-negative-stock': '库存为负',
  'one-record-per-user': '重复记录',
  'one-success-per-user': '超抢',
  'purchase-limit': '超出限购',
  conservation: '库存不守恒',
  'acknowledged-is-recorded': '成功未入账',
  'recorded-is-acknowledged': '入账未告知',
  'queued-is-decided': '排队未决',
  'reserved-is-recorded': '预占未入账',
  'no-undersell': '少卖',
  'somebody-bought': '无人买到',
  'real-time-order': '先后矛盾',
  'no-sale-outside-window': '场外售出',
} as const

export type InvariantId = keyof typeof INVARIANTS

/** What the sale file says of an invariant: not to judge it, or to let it fail without failing the audit. */
export type InvariantSwitch = 'off' | 'warn'

export type InvariantSwitches = Readonly<Partial<Record<InvariantId, InvariantSwitch | undefined>>>
