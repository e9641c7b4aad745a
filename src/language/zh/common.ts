import type { Sentences } from '../say.js'

/** Punctuation between what is said, and things that are counted in many rooms. */
export const COMMON: Sentences = {
  ', ': '、',
  '; ': '；',
  '{0}: {1}': '{0}：{1}',
  '{0}, {1}': '{0}，{1}',
  '{0}; {1}': '{0}；{1}',
  '{0}. {1}': '{0}。{1}',
  '{0}: {1} ({2})': '{0}：{1}（{2}）',
  '{0} ({1})': '{0}（{1}）',
  '{0}.': '{0}。',
  'exit code {0}': '退出码 {0}',
  'a whole number': '整数',
  '{0} and {1} more': '{0} 及另外 {1} 个',
  '{0} to {1}': '{0} 到 {1}',
  '{0} unit': '{0} 件',
  '{0} user': '{0} 个用户',
  '{0} user was': '{0} 个用户',
  '{0} user holds': '{0} 个用户',
  '{0} person was': '{0} 人',
  '{0} attempt': '{0} 次抢购',
  '{0} purchase': '{0} 次购买',
  '{0} record': '{0} 条记录',
  '{0} record is': '{0} 条记录',
  '{0} answer': '{0} 个应答',
  '{0} refusal': '{0} 次拒绝',
}
