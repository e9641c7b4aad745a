import type { Sentences } from '../say.js'

/** Of the audit as a whole: what it could look at, its sentence for the manager, its witnesses. */
export const AUDIT: Sentences = {
  'switched off in the sale file': '已在秒杀文件里关闭',
  'the second place is written after the answer and was not, or twice: write both from one queue, with the order’s id as key':
    '第二处记录在应答之后才写，结果没写或写了两次：两处都由同一个队列写入，并以订单号为键',
  'the lifetime of {0} ({1} s) was over at {2}': '{0} 的有效期（{1} 秒）已在 {2} 结束',
  '{0}, unless somebody took it away: the key has none now': '{0}，除非有人去掉了它：这个键现在没有有效期',
  'needs a run; the store alone was to be judged': '需要压测运行；这次只要求审计 Redis 里的数据',
  'there is no run of this sale': '这场秒杀没有压测运行',
  'fire one, or judge the store alone': '先压测一次，或者只审计 Redis 里的数据',
  'Redis was not readable': 'Redis 读不到',
  'the sale was still moving: {0}': '秒杀还在变化：{0}',
  'nothing was sold yet': '还没有卖出任何一件',
  'not one answer says whether the buyer got it: give rules for them with --outcome':
    '没有一个应答能说明买家是否买到：用 --outcome 给出规则',
  'only {0} of {1} reached the sale, too few to put it to the test': '{1}中只有 {0} 次到达秒杀，太少，不足以检验它',
  '{0} of {1} reached the sale: {2}': '{1}中有 {0} 次到达秒杀：{2}',
  'a run log ends early, so attempts are missing': '有一份运行日志不完整，缺少部分抢购',
  'the stock cannot be read': '读不到库存',
  'buyers were told "sold" {0} times, yet neither {1} nor {2} ever moved':
    '买家 {0} 次被告知“已抢到”，{1} 和 {2} 却从未变化',
  'the shop sells from another Redis, database or key prefix: see --redis, --stock-key, --records-key':
    '商店用的是另一个 Redis、另一个库或另一种键前缀：见 --redis、--stock-key、--records-key',
  '{0} of {1} are left, and there is no key {2}: who bought cannot be told':
    '{1}还剩 {0} 件，但没有 {2} 这个键：无从得知谁买到了',
  'name the key of the records as the shop does, and its layout: see --records-key, --layout; if it is right, the shop records nothing':
    '按商店的实际情况写出记录的键和布局：见 --records-key、--layout；如果写得没错，那就是商店什么都没有记录',
  '{0} told they won': '{0}被告知已抢到',
  '{0} recorded; what people were told is not known': '已记录 {0}；买家被告知了什么，不得而知',
  '{0} for a decision': '{0}在等待结果',
  '{0} to apologise to: {1}': '需要向 {0} 人致歉：{1}',
  '{0} won twice: {1}': '{0} 人抢到两次：{1}',
  '{0} refused what was there: {1}': '{0} 人在有货时被拒：{1}',
  '{0} told what cannot be true: {1}': '{0} 人得到的答复不可能成立：{1}',
  '{0} left in stock': '库存剩 {0} 件',
  'whether that is right cannot be told': '这是否正确，无法下结论',
  'nothing speaks against it': '没有发现矛盾',
  'each of them is recorded; {0} left in stock': '每个人都有记录；库存剩 {0} 件',
  '{0}, {1}: {2} apart': '{0}，{1}：相差 {2} 件',
  '{0}; they differ about {1}: {2}': '{0}；两者在 {1}上不一致：{2}',
  'orders in the queue: {0}': '队列里的订单：{0}',
  '{0} heard that they won': '{0} 人得知抢到',
  '{0} reserved': '预占 {0}',
  '{0} sold by jobs': '任务售出 {0}',
  '{0} of them recorded': '其中入账 {0}',
  '{0} refused': '被拒 {0}',
  '{0} given up': '放弃 {0}',
  '{0} of other seedings': '其他场次 {0}',
  '{0} bought without the queue': '未经队列买到 {0}',
  'recorded in {0}': '{0} 里的记录',
}
