import type { Sentences } from '../say.js'

/** Which runs an audit judges, and what it does without Redis. */
export const AUDIT_RUNS: Sentences = {
  'note: {0}': '注意：{0}',
  '{0} is not a run log, or it is cut in its first line; if it is no run of this sale, remove it':
    '{0} 不是运行日志，或第一行不完整；如果它不属于这场秒杀，请删除',
  'a run log of this sale went on beside or after this one and is not judged, so attempts are missing':
    '这场秒杀还有 1 份运行日志与这次同时或在其后写入，没有审计，因此缺少部分抢购',
  '{0} run logs of this sale went on beside or after this one and are not judged, so attempts are missing':
    '这场秒杀还有 {0} 份运行日志与这次同时或在其后写入，没有审计，因此缺少部分抢购',
  'a run log': '1 份运行日志',
  '{0} run logs': '{0} 份运行日志',
  '{0} cannot be read, so attempts may be missing': '{0}读不了，可能缺少部分抢购',
  '{0} of this sale made room for newer ones, so attempts are missing':
    '这场秒杀有 {0}已为更新的日志让位，因此缺少部分抢购',
  '{0} was fired without Redis: it is taken for a run of this seeding':
    '{0} 压测时没有 Redis：当作本次写入库存之后的运行',
  'another seeding of sale {0}': '秒杀 {0} 的另一次写入',
  '{0} is a run of {1}': '{0} 是 {1} 的运行',
  'leave one of them out': '请去掉其中一个',
  'audit that one, or fire a new run at sale {0}': '请审计那一场，或对秒杀 {0} 重新压测',
  '{0} answers count as unknown: these rules ask for what the run log does not keep of each answer; fire again with the same --outcome':
    '{0} 个应答算作未知：这些规则要用到运行日志没有保留的内容；请用同样的 --outcome 再压测一次',
  '--junit is written once a sale is judged, and --watch goes on judging':
    '--junit 在审计结束时写出，而 --watch 会一直审计',
  '--threshold is judged once a sale is, and --watch goes on judging':
    '--threshold 在审计结束时判断，而 --watch 会一直审计',
  '{0}; or judge what buyers were told alone: {1}': '{0}；或只审计买家被告知的内容：{1}',
  '{0}: judging the run alone': '{0}：只审计这次运行',
  '{0}: judging the runs alone': '{0}：只审计这些运行',
  'interrupted before the sale was judged': '审计完成之前被中断',
  'run the audit again': '请再审计一次',
}
