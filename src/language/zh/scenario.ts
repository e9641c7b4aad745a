import type { Sentences } from '../say.js'

/** `run`. */
export const SCENARIO: Sentences = {
  'fail by {0}': '因 {0} 不通过',
  'expected {0}, found {1}': '预期 {0}，实际 {1}',
  'expected only {0} to break, but {1} did, too': '预期只有 {0} 被打破，但 {1} 也被打破',
  '{0} and --file name two sale files': '{0} 和 --file 指定了两个场景文件',
  'nothing to run: no seckill.yaml lies here': '没有可运行的场景：当前目录没有 seckill.yaml',
  'name a scenario or a URL: seckill run URL --stock 50': '请指定场景文件或 URL：seckill run URL --stock 50',
  'no step {0}{1}': '没有名为 {0} 的步骤{1}',
  'of {0}': '可选：{0}',
  'would run {0}: {1}': '将运行 {0}：{1}',
  'nothing was sold on a Redis that starts with this command: there is nothing to audit':
    '随本命令启动的 Redis 上没有任何售卖，无从审计',
  'add blast to --only, or name the Redis by --redis': '请在 --only 中加上 blast，或用 --redis 指定 Redis',
  "the sale file's seed": '场景文件中的 seed',
  "the sale file's seed request got {0}": '场景文件中的 seed 请求得到 {0}',
  'try it by itself: {0} {1}': '请单独试一次：{0} {1}',
  '{0} in {1} ({2})': '{1} 中有 {0}（{2}）',
  '{0} for sale {1}': '秒杀 {1} 备货 {0}',
  '{0} attempts, {1}/s, p99 {2}: {3}': '{0} 次请求，{1}/s，p99 {2}：{3}',
  '{0} ({1} of {2} rules tested)': '{0}（检验了 {2} 条规则中的 {1} 条）',
  '{0}: {1} explored in {2}': '{0}：在 {2} 中探索了 {1}',
  '{0} order': '{0} 种顺序',
  '{0} setting': '{0} 种设定',
  'no report: a report is of a run, and none was fired': '没有报告：报告针对一次压测，而这次没有压测',
  'interrupted while the stock was seeded': '写入库存时被中断',
  'report {0}': '报告 {0}',
  'as expected': '符合预期',
  '{0}, which it has to': '{0}，符合预期',
  'the sale was correct': '售卖正确',
  ' ({0})': '（{0}）',
  '{0} is there already': '{0} 已存在',
  'choose another name, or --force': '请换个文件名，或加 --force',
  'cannot write {0}: {1}': '无法写入 {0}：{1}',
  '{0} names another file': '用 {0} 指定另一个文件',
  'What a correct sale is, as it was run on {0}: seckill run {1}':
    '正确的秒杀应当如此，{0} 运行时所记：seckill run {1}',
  'wrote {0}; from now on: seckill run {1}': '已写入 {0}；以后运行：seckill run {1}',
  'it reads ${{0}} from the environment: secrets do not belong into a file':
    '它从环境变量读取 ${{0}}：密钥不应写进文件',
}
