import type { Sentences } from '../say.js'

/** Run logs, and the rules that tell an outcome from an answer. */
export const HISTORY: Sentences = {
  'name another file with --out': '请用 --out 指定另一个文件',
  '{0} exists already': '{0} 已存在',
  '{0}, or overwrite it with --force': '{0}，或用 --force 覆盖',
  'there is no run log at {0}': '没有运行日志 {0}',
  'cannot read the run log {0}: {1}': '无法读取运行日志 {0}：{1}',
  'cannot write the run log {0}: {1}': '无法写入运行日志 {0}：{1}',
  'no space left for the run log {0}': '磁盘空间不足，无法写入运行日志 {0}',
  'free some space, or name another place with --out': '请腾出空间，或用 --out 指定别处',
  'see .seckill/runs': '见 .seckill/runs',
  'run logs lie in .seckill/runs': '运行日志在 .seckill/runs 里',
  '{0} was written by a newer seckill (run log version {1})': '{0} 由更新版本的 seckill 写成（运行日志版本 {1}）',
  'upgrade seckill': '请升级 seckill',
  '{0} is not a run log, or it is cut in its first line': '{0} 不是运行日志，或者第一行不完整',
  '{0} is not a run log: its first line lacks what every run log has, or holds something else there':
    '{0} 不是运行日志：第一行缺少必有的内容，或者内容不符',
  'docs/run-log.md says what belongs there': '应有的内容见 docs/run-log.md',
  "write --outcome OUTCOME='status:409', 'status:5xx', 'text:抢到', 'text=whole answer', 'regex:/…/i' or 'json:$.code=0'":
    "请写成 --outcome OUTCOME='status:409'、'status:5xx'、'text:抢到'、'text=完整的应答'、'regex:/…/i' 或 'json:$.code=0'",
  'outcome rule {0}: {1}': '结果规则 {0}：{1}',
  'outcome rule {0}: no outcome {1}{2}': '结果规则 {0}：没有结果 {1}{2}',
  '; one of {0}': '；可选：{0}',
  'not of the form OUTCOME=KIND:…': '不是 OUTCOME=KIND:… 的形式',
  'nothing to compare with': '没有可比较的值',
  '{0} takes a colon': '{0} 后面要用冒号',
  '{0} is no {1} test': '{0} 不是 {1} 条件',
  'an outcome rule has exactly one of status, text, regex, json': '结果规则须有且仅有 status、text、regex、json 之一',
  'equals goes with json': 'equals 要和 json 一起用',
  'no preset {0}{1}': '没有预设 {0}{1}',
}
