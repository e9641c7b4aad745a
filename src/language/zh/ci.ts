import type { Sentences } from '../say.js'

/** What CI servers are told. */
export const CI: Sentences = {
  'threshold missed: {0}': '未达到阈值：{0}',
  'audit of sale {0}': '审计售卖 {0}',
  'load on {0}': '压测 {0}',
  'breaks {0}, declares {1}': '打破 {0}，声明 {1}',
  'race of every strategy': '探索每种策略的竞态',
  'race of {0}': '探索竞态 {0}',
  '{0}; stock {1}': '{0}；库存 {1}',
  'scenario {0}': '场景 {0}',
  'as expected: {0}': '符合预期：{0}',
  'and {0} more: see the step summary': '另有 {0} 条：见步骤摘要',
  'and {0} more lines': '另有 {0} 行',
  'it is a folder': '它是一个文件夹',
  'cannot write {0} ({1})': '无法写入 {0}（{1}）',
  'check the path': '请检查路径',
}
