import type { Sentences } from '../say.js'

/** Of real-time-order: what cannot have happened in any order. */
export const AUDIT_ORDER: Sentences = {
  '{0} was': '{0} ',
  '{0} were': '{0} ',
  'nobody was refused, so no answer depends on the order': '没有人被拒，没有应答取决于先后顺序',
  'too many orders might explain these answers to try them all': '可能解释这些应答的顺序太多，无法一一尝试',
  'one order, with every purchase inside its own attempt, explains all {0}':
    '存在一种顺序，每次购买都落在自己的请求期间，能解释全部 {0}',
  'when {0} was refused, at most {1} of {2} can have been sold': '{0} 被拒时，{2} 件中最多卖出 {1} 件',
  '{0} cannot be true: {1}': '{0}不可能成立：{1}',
  '{0} told that too little is left, while enough was': '{0}被告知库存不足，而当时库存足够',
  'units were on their way back (decrement, then undo), or a stale stock was read: decide and decrement in one script':
    '有库存正在退回（先扣减后撤销），或者读到的是过时的库存：把判断和扣减放进同一个脚本',
  'refused, with all these units still to be had': '被拒，而这些货都还在',
  '{0} told "already bought" before their purchase had begun': '{0}在自己的购买开始之前就被告知“已经抢过”',
  'the claim is written before the stock is checked and withdrawn later: claim and decrement in one script':
    '占位写在检查库存之前，之后又撤回：把占位和扣减放进同一个脚本',
  'told "already bought"': '被告知“已经抢过”',
  '{0} told "already bought", yet no purchase of theirs explains it': '{0}被告知“已经抢过”，却没有任何一次购买能解释',
  '{0} told that too little is left, though their own purchase came first':
    '{0}被告知库存不足，而自己的购买在此之前已经成功',
  'the stock is looked at before the records: look into the records first, in the same script':
    '先看了库存才查记录：在同一个脚本里先查记录',
  'refused, though a buyer': '已买到却被拒',
  '{0} told "sold" more often than one user may buy': '{0}被告知“已抢到”的次数超过每人限额',
  'the look into the records and the write are two commands: a double click passes between them':
    '查记录和写记录是两条命令，重复点击会从中间穿过',
  'sold again': '再次抢到',
  '{0} told "sold" when nothing can have been left': '{0}在库存不可能有剩时被告知“已抢到”',
  'the check of the stock and its decrement are two commands: do both in one script':
    '检查库存和扣减库存是两条命令：放进同一个脚本',
  'nothing was left': '已经没有剩余',
}
