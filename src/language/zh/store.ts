import type { Sentences } from '../say.js'

/** What lies at a sale's keys and in its orders, and why it cannot be read. */
export const STORE: Sentences = {
  '{0} not written by seckill init': '{0} 不是 seckill init 写入的',
  '{0} not part of the sale that init wrote before': '{0} 不属于 init 之前写入的秒杀',
  '{0} of another type than init wrote': '{0} 的类型与 init 写入的不同',
  'sale {0} was written by a newer seckill (meta version {1})': '秒杀 {0} 由更新版本的 seckill 写入（meta 版本 {1}）',
  'upgrade seckill, or start over: seckill init --sale {0} --stock 50 --force':
    '请升级 seckill，或重新开始：seckill init --sale {0} --stock 50 --force',
  '{0} does not hold what init writes': '{0} 里不是 init 写入的内容',
  "look: redis-cli HGETALL '{0}'; start over: seckill init --sale {1} --stock 50 --force":
    "查看：redis-cli HGETALL '{0}'；重新开始：seckill init --sale {1} --stock 50 --force",
  'interrupted: the sale is as it was before': '已中断：秒杀保持原样',
  'interrupted after {0} of {1} sessions': '已中断：写入了 {1} 个会话中的 {0} 个',
  'the session key {0} exists already': '会话键 {0} 已存在',
  'put something of this run into users.redis.key, such as {{token}} or {{uuid}}':
    '请在 users.redis.key 里加入本次运行独有的内容，例如 {{token}} 或 {{uuid}}',

  // Stock
  'stock key {0}': '库存键 {0}',
  'records key {0}': '记录键 {0}',
  '{0} is a {1}, not a {2}': '{0} 的类型是 {1}，不是 {2}',
  'counter at {0}': '计数器 {0}',
  'field {0} in {1}': '{1} 的字段 {0}',
  'there is no {0}': '没有{0}',
  'there is no hash at {0}': '没有哈希 {0}',
  'there is no counter at {0}, yet there are records': '没有计数器 {0}，却有记录',
  '{0} holds {1}: {2}': '{0} 的值是 {1}：{2}',
  'not {0}': '不是{0}',
  '{0} has {1} fields, too many to add up: name those that hold stock':
    '{0} 有 {1} 个字段，多得无法相加：请写明哪些字段是库存',
  'this sale keeps no stock: its records alone tell what is left': '这场秒杀不存库存：剩余数只能由记录推算',
  'there is no key {0}, while {1} holds records: is that what the shop calls it?':
    '没有键 {0}，而 {1} 里有记录：商店用的是这个键名吗？',

  // Records
  'Java serialization: give the RedisTemplate a StringRedisSerializer':
    '这是 Java 序列化：请给 RedisTemplate 配置 StringRedisSerializer',
  'a name': '名字',
  'JSON with a user at {0}': '在 {0} 处有用户的 JSON',
  'JSON with a whole number at {0}': '在 {0} 处有整数的 JSON',
  'an entry with a field {0}': '有字段 {0} 的条目',

  // Standing still
  'requests without an answer may still run': '没有应答的请求可能还在执行',
  'records that grew a moment ago': '刚才记录还在增加',
  '{0} a moment ago': '刚才还是 {0}',
  '{0} left, {1} records': '剩余 {0}，记录 {1} 条',
  '{0} in {1}': '{1} 里有 {0} 个',
  '{0} waiting and {1} active in {2}': '{2} 里有 {0} 个等待、{1} 个处理中',
  '{0} in {1}, which no consumer group reads': '{1} 里有 {0} 个，且没有消费者组读取',
  '{0} of {1} read by group {2} and not acknowledged': '{1} 里有 {0} 个已被消费者组 {2} 读取但未确认',
  '{0} of {1} not yet read by group {2}': '{1} 里有 {0} 个还没有被消费者组 {2} 读取',
  '{0} in {1}, not yet relayed': '{1} 里有 {0} 个订单还没有转入队列',
  'no worker is connected: seckill worker': '没有 worker 在线：seckill worker',
  '{0}, {1} jobs done': '{0}，任务完成 {1} 个',
  some: '若干',
  'queue {0} is no {1}': '队列 {0} 不是 {1}',

  // Orders outside Redis
  'the orders command': '订单命令',
  'the orders command {0}{1}': '订单命令失败：{0}{1}',
  'ended with exit code {0}': '退出码 {0}',
  '{0} did not end within {1} s': '{0}在 {1} 秒内没有结束',
  'try it by itself: {0}; a longer --settle gives it more time': '请单独试一次：{0}；加大 --settle 可以多给它时间',
  '{0} gave not a line, not even a header: are there no orders?': '{0} 没有输出任何一行，连表头也没有：是没有订单吗？',
  'there is no such file': '没有这个文件',
  'cannot read the orders in {0}: {1}': '无法读取 {0} 里的订单：{1}',
  'name the columns as usual, such as user and quantity, or say which they are in the sale file: records: [ { type: file, path: orders.csv, user: COLUMN, quantity: COLUMN } ]':
    '请使用常见的列名，例如 user 和 quantity，或在秒杀文件里写明：records: [ { type: file, path: orders.csv, user: COLUMN, quantity: COLUMN } ]',
  '{0} columns, where the first line has {1}': '有 {0} 列，而第一行有 {1} 列',
  'is a separator or a newline in a cell without quotes?': '是不是有单元格含分隔符或换行，却没有加引号？',
  'no user: {0}': '没有用户：{0}',
  'not text, or UTF-16 without its mark': '不是文本，或者是没有 BOM 的 UTF-16',
  ' or no ': ' 或 ',
  'no column {0} among {1}': '在 {1} 中没有列 {0}',
  'neither an order (user, units) nor a header with a known name of the user: {0}':
    '既不是订单（用户、件数），也不是含有常见用户列名的表头：{0}',
  'stray quotes: {0}': '引号位置不对：{0}',
  'no JSON object: {0}': '不是 JSON 对象：{0}',
  'no user among {0}': '在 {0} 中没有用户',
  'no user at {0}: {1}': '{0} 处没有用户：{1}',
  'units at {0}, where the lines before have none': '{0} 处有件数，而前面各行都没有',
  'no units at {0}, where the first line has some: {1}': '{0} 处没有件数，而第一行有：{1}',
  "one object a line, please: jq -c '.[]' orders.json > orders.ndjson":
    "请每行一个对象：jq -c '.[]' orders.json > orders.ndjson",
  'a JSON array': '是一个 JSON 数组',
  'a record of more than {0} characters: does a quote never end?': '有一条记录超过 {0} 个字符：是不是引号没有结束？',
  'a quote that never ends': '引号没有结束',
  'not UTF-8': '不是 UTF-8',
  'save it as UTF-8: iconv -f GB18030 -t UTF-8': '请另存为 UTF-8：iconv -f GB18030 -t UTF-8',
}
