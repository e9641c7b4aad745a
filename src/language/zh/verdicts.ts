import type { Sentences } from '../say.js'

/** The screens of `audit` and `race`: verdicts, tables, what was explored. */
export const VERDICTS: Sentences = {
  // audit
  'as above: {0}': '同上：{0}',
  '{0} for sale, {1} left, {2} recorded, {3} acknowledged':
    '可售 {0} 件，剩余 {1} 件，已记录 {2} 件，已告知买到 {3} 件',
  'witnesses disagree: {0}': '证据不一致：{0}',
  '{0} ({1} of {2} rules tested)  sale {3}: {4}': '{0}（共 {2} 条规则，检验了 {1} 条）秒杀 {3}：{4}',
  ' … ({0} in all, see --json)': ' …（共 {0} 个，见 --json）',
  '  users: {0}{1}': '  用户：{0}{1}',
  '  cause: {0}': '  原因：{0}',
  '  hint: {0}': '  提示：{0}',
  '  avoided by: {0}': '  可避免的做法：{0}',
  '  next:  {0}': '  下一步：{0}',
  '  again: {0}': '  重现：{0}',
  'stock and records had not changed for {0} when they were read': '读取时，库存和记录已有 {0} 没有变化',
  'Judged from the store alone: what buyers were told is not known.':
    '只审计了 Redis 里的数据：买家被告知了什么，不得而知。',
  'No violation in these {0} attempts; other orders of the same commands remain possible: {1}':
    '这 {0} 次抢购没有发现违规；同样的命令仍可能以别的顺序执行：{1}',
  '{0} left, {1} recorded, {2} acknowledged': '剩余 {0} 件，已记录 {1} 件，已告知买到 {2} 件',
  '{0} {1}: {2}{3}': '{0} {1}：{2}{3}',
  'no violation so far': '目前没有违规',
  'at rest: {0}': '已静止：{0}',

  // race
  'lock may expire': '锁可能过期',
  'a process may die': '可能有进程退出',
  'not verified here: needs {0}': '这里无法验证：需要 {0}',
  'nothing so far': '目前没有',
  '(declared: {0})': '（声明的是：{0}）',
  executions: '执行次数',
  time: '用时',
  buyers: '买家',
  'none breaks a rule': '都没有违规',
  'none so far': '目前没有违规',
  '1 execution in {0}': '执行 1 次，用时 {0}',
  '{0} executions in {1}': '执行 {0} 次，用时 {1}',
  '{0}: an order of commands breaks it, found in execution {1} after {2}':
    '{0}：有一种命令顺序会使它出错，在第 {1} 次执行时发现，用时 {2}',
  '{0}: this order breaks no rule': '{0}：这种执行顺序没有违规',
  '{0}: no order breaks a rule ({1})': '{0}：任何执行顺序都没有违规（{1}）',
  '{0}: no order breaks a rule (all {1} of them, by {2})': '{0}：全部 {1} 种执行顺序都没有违规（{2}）',
  '{0}: none of {1} breaks a rule; there are more': '{0}：{1}，都没有违规；还有没探索的执行顺序',
  '{0}; at most one process dies, at any place between two of its commands':
    '{0}；至多有一个进程退出，可在它任意两条命令之间',
  '{0}; {1}. There is {2}; other stores, caches and the length of time are not explored.':
    '{0}；{1}。{2}；没有探索其他存储、缓存和时间长短的影响。',
  'a process for each purchase': '每次购买各有一个进程',
  'a copy of the shop for each purchase': '每次购买各有一个商店副本',
  'one process of the shop for all purchases (locks inside it count; other copies are not explored)':
    '所有购买共用一个商店进程（进程内的锁有效；没有探索其他副本）',
  'one order, replayed': '重放了一种执行顺序',
  '{0} walk, seed {1}': '{0} 随机探索，种子 {1}',
  'full search': '完全搜索',
  'full search, at most 1 preemption': '完全搜索，至多 1 次抢占',
  'full search, at most {0} preemptions': '完全搜索，至多 {0} 次抢占',
  'no-level independence': '不考虑命令独立性',
  '{0}-level independence': '{0} 级独立性',
  'user symmetry': '利用用户对称性',
  'no user symmetry': '不利用用户对称性',
  'with real-time order': '考虑真实时间顺序',
  'without real-time order': '不考虑真实时间顺序',
  'one execution for each class of equivalent orders: {0}': '每类等价的执行顺序只执行一次：{0}',
  'the budget of {0} was over first': '{0} 的时间预算先用完了',
  'explored to the end': '已探索完毕',
  'stopped at the first violation (--keep-going goes on)': '发现第一处违规后停止（--keep-going 可继续）',
  'not exhaustive': '没有探索完',
}
