import type { Sentences } from '../say.js'

/** Keys, users, thresholds, and what a server may do to a sale. */
export const SALE: Sentences = {
  'sale id {0} is not usable': '秒杀 id {0} 不可用',
  'use 1 to 64 of the characters A-Z a-z 0-9 _ . -': '请用 1 到 64 个字符，可用 A-Z a-z 0-9 _ . -',
  'a key of stock or records is empty': '库存或记录的键为空',
  'name one, or leave it out': '请给出键名，或者不写',
  '{0} is a key of seckill’s own': '{0} 是 seckill 自用的键',
  'name another for stock or records': '库存或记录请换一个键',
  'stock and records cannot share the key {0}': '库存和记录不能共用键 {0}',
  'name two keys': '请给出两个键',
  '; did you mean {0}?': '；是不是 {0}？',

  // The server
  'Redis may evict keys of the sale: maxmemory {0} with policy {1}; use noeviction':
    'Redis 可能淘汰这场秒杀的键：maxmemory 为 {0}，策略为 {1}；请改用 noeviction',
  'Redis evicted {0} keys since the run began: what is missing may have been evicted':
    '压测开始以来 Redis 淘汰了 {0} 个键：缺少的数据可能是被淘汰的',
  'replica {0} is {1}: a failover to it loses purchases': '从库 {0} 的状态为 {1}：故障转移到它会丢失购买',
  'replica {0} is {1} MB behind: a failover to it loses purchases': '从库 {0} 落后 {1} MB：故障转移到它会丢失购买',
  ' and its link to the primary is {0}': '，与主库的连接状态为 {0}',
  'this Redis is a replica{0}: what is read here may be older than the sale; audit the primary':
    '这个 Redis 是从库{0}：这里读到的可能比实际情况旧；请审计主库',
  'Redis keeps nothing on disk (no save, no appendonly): a restart loses the sale':
    'Redis 不落盘（没有 save，也没有 appendonly）：重启会丢失这场秒杀',
  'its run id (INFO server)': '运行 id（INFO server）',
  'its memory limit (INFO memory)': '内存上限（INFO memory）',
  'what it keeps on disk (CONFIG GET save, INFO persistence)': '落盘方式（CONFIG GET save、INFO persistence）',
  'not readable from this Redis: {0}': '从这个 Redis 读不到：{0}',
  'Redis was restarted or failed over since the run began (its run id changed): writes may be lost':
    '压测开始以来 Redis 重启过或发生过故障转移（运行 id 变了）：写入可能已丢失',
  ' (and {0} more)': '（及另外 {0} 个）',
  'no sale.window.end says that the sale is over by then': '没有 sale.window.end 说明秒杀在那之前结束',
  'before the sale ends': '早于秒杀结束',
  '{0}{1} expires in {2} s, {3}: afterwards its users may buy again, or its units are gone':
    '{0}{1} 将在 {2} 秒后过期，{3}：过期后用户可以再次购买，或者库存消失',

  // Thresholds
  threshold: '阈值',
  'threshold {0}: {1}': '阈值 {0}：{1}',
  'it begins with no metric': '没有以指标开头',
  'write one such as {0}': '例如写成 {0}',
  'no metric {0}{1}': '没有指标 {0}{1}',
  'one of p50 to p999, max, mean, rps, errors, attempts, an outcome, …: docs/scenarios.md':
    '可选：p50 到 p999、max、mean、rps、errors、attempts、某种结果等：见 docs/scenarios.md',
  'no comparison behind {0}': '{0} 之后没有比较符',
  'write ==': '请写 ==',
  'one of {0}': '可选：{0}',
  'no comparison {0}': '没有比较符 {0}',
  'nothing to compare {0} with': '{0} 没有可比较的值',
  '{0} is no value of {1}': '{0} 不是 {1} 的值',
  'a time has a unit: write {0}': '时间要带单位：请写 {0}',
  'a rate is a number such as 1000': '速率是一个数，例如 1000',
  'a share goes from 0% to 100%': '比例在 0% 到 100% 之间',
  'a count is a whole number, and a share a percentage such as 1%': '次数是整数，比例是百分数，例如 1%',
  'a count is a whole number': '次数是整数',

  // Users
  '{0} names no users': '{0} 里没有用户',
  'write one name a line, or CSV with a column user': '请每行写一个用户名，或者用带 user 列的 CSV',
  '{0}:{1} names no column user or username': '{0}:{1} 没有名为 user 或 username 的列',
  'its first line names the columns': '第一行是列名',
  '{0}:{1} has {2} of {3}': '{0}:{1} 应有 {3}，实有 {2} 列',
  '{0} column': '{0} 列',
  'write as many cells as the first line names, in quotes where they hold a comma':
    '单元格数须与第一行的列数相同，含逗号的要加引号',
  '{0}:{1} names no user': '{0}:{1} 没有用户名',
  '{0}:{1} names {2}, as line {3} does': '{0}:{1} 的 {2} 与第 {3} 行重复',
  'name each user once': '每个用户只写一次',
  '{0} names columns, but no users': '{0} 只有列名，没有用户',
  '{0} names a column {1}': '{0} 有一列名为 {1}',
  'use no spaces or braces': '列名不能含空格或花括号',
  '{0} names column {1} twice': '{0} 的列 {1} 重复',
  '{0}:{1} has a quote out of place': '{0}:{1} 的引号位置不对',
  'write "" for a quote in a cell': '单元格里的引号请写成 ""',
  'one of: {0}, {1}… or @file.csv': '可选：{0}、{1}… 或 @file.csv',
  'no kind of user names {0}{1}': '没有用户名类型 {0}{1}',
  'a template holds at least one of {0}': '模板至少含有 {0} 之一',
  'unknown placeholder {{{0}}} in the template of user names{1}': '用户名模板里有未知的占位符 {{{0}}}{1}',
  'template {0} gives all users one name': '模板 {0} 会让所有用户同名',
}
