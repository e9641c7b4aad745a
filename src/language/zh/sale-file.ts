import type { Sentences } from '../say.js'

/** What is wrong in a sale file. */
export const SALE_FILE: Sentences = {
  'no sale file at {0}': '没有秒杀文件 {0}',
  'check --file': '请检查 --file',
  'check --file, or leave it out': '请检查 --file，或者不写',
  'cannot read the sale file {0} ({1})': '无法读取秒杀文件 {0}（{1}）',
  'extends: {0}': 'extends：{0}',
  'goes round: {0}': '循环引用：{0}',
  'environment variable {0} is not set; set it, or write ${{1}:-default}':
    '环境变量 {0} 没有设置；请设置它，或写成 ${{1}:-默认值}',
  'put ${…} in quotes where it stands in { } or [ ]': '在 { } 或 [ ] 里，${…} 要加引号',
  'put placeholders in quotes: "{{user}}"': '占位符要加引号："{{user}}"',

  // Shapes and types
  'unknown section {0}{1}': '未知的小节 {0}{1}',
  'unknown key {0}{1}': '未知的键 {0}{1}',
  '; known: {0}': '；已知：{0}',
  'is missing': '缺少',
  'is missing; one of {0}': '缺少；可选：{0}',
  '{0} is none of {1}{2}': '{0} 不在 {1} 之中{2}',
  'must be {0}': '必须是{0}',
  'must be text (put it in quotes)': '必须是文本（请加引号）',
  'a number': '数字',
  'a map': '映射',
  'a list': '列表',
  boolean: '布尔值',
  'must not be empty': '不能为空',
  'must be at least {0}': '不能小于 {0}',
  'must be at most {0}': '不能大于 {0}',
  'must be text or a number': '必须是文本或数字',
  'must be a share such as 5% or 0.05': '必须是比例，例如 5% 或 0.05',
  'must be a time such as 500ms, 10s or 2m': '必须是时间，例如 500ms、10s 或 2m',
  'must be a status such as 409 or 5xx': '必须是状态码，例如 409 或 5xx',
  'must be units such as 1, or a range such as 1-2': '必须是件数，例如 1；或者范围，例如 1-2',
  '{0} is not {1}': '{0} 不是{1}',
  'a time such as 500ms, 10s or 2m': '时间（例如 500ms、10s 或 2m）',
  'a time with its offset, such as 2026-11-11T20:00:00+08:00': '带时区的时间（例如 2026-11-11T20:00:00+08:00）',
  'a share such as 5% or 0.05': '比例（例如 5% 或 0.05）',
  'a rate such as 200/s': '速率（例如 200/s）',
  'units such as 1, or a range such as 1-2': '件数（例如 1）或范围（例如 1-2）',
  '{0} says this already; keep one of them': '{0} 已经写了这一项；请只留一个',

  // What it means
  'the end has to come after the start': '结束时间必须晚于开始时间',
  'race starts the shop itself: say how in target.start': 'race 会自己启动商店：请在 target.start 里写明启动命令',
  'every copy of the shop needs a port of its own: write {port} in target.url and target.start':
    '商店的每个副本都要有自己的端口：请在 target.url 和 target.start 里写 {port}',
  'the claims': 'claims',
  'path is missing': '缺少 path',
  'hash or string is missing': '缺少 hash 或 string',
  'all users would have one key; put {{token}} into it': '所有用户会共用一个键；请在其中写入 {{token}}',

  // Where the sale lies
  'two places cannot share the key {0}': '两处记录不能共用键 {0}',
  'belongs to type {0}, not {1}': '属于类型 {0}，不属于 {1}',
  ' or ': ' 或 ',
  '{0} needs {1}': '{0} 需要 {1}',
  'type {0} has keys': '类型 {0} 用 keys',
  'type {0} has no key': '类型 {0} 没有键',
  'type {0} has {1}, not {2}': '类型 {0} 用 {1}，不用 {2}',
  '{0} is no range': '{0} 不是范围',
  'write stock:{0..15}, at most 1000 of them': '请写成 stock:{0..15}，最多 1000 个',
  'needs {user} once, such as order:{user}': '须含有一个 {user}，例如 order:{user}',
  'stream needs user: the field that names the buyer': 'stream 需要 user：写明买家的字段',
  '{0} is no JSON path such as $.user': '{0} 不是 $.user 这样的 JSON 路径',
  '{0} is nowhere in records of type {1}': '类型 {1} 的记录里没有 {0}',
}
