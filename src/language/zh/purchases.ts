import type { Sentences } from '../say.js'

/** buy, simulate, demo, and what purchases have in common: users, requests, thresholds. */
export const PURCHASES: Sentences = {
  // buy
  'a URL and --strategy exclude each other': 'URL 和 --strategy 不能同时使用',
  'drop one of them': '请去掉其中一个',
  'would buy {0} for {1} {2}': '将为 {1} 抢购 {0} 件，{2}',
  'by {0} on redis {1}, sale {2}': '用 {0}，redis {1}，秒杀 {2}',
  'at {0}': '在 {0}',
  '--trace shows what goes through a proxy, and a server that runs already talks past it':
    '--trace 显示经过代理的命令，而已在运行的服务不经过它',
  'add --start "COMMAND {port}", or run: seckill proxy --log':
    '请加上 --start "COMMAND {port}"，或运行：seckill proxy --log',
  'would start: {0}': '将启动：{0}',
  'interrupted before the purchase was sent': '抢购发出之前被中断',
  '{0} asks for {1}: {2} after {3}': '{0} 请求 {1} 件：{2}，用时 {3}',
  'answer  {0} {1} (no rule matches)': '应答  {0} {1}（没有匹配的规则）',
  'answer  {0} {1} (rule {2})': '应答  {0} {1}（规则 {2}）',
  'reason  {0}': '原因  {0}',
  'before  {0} left, {1} holds {2}': '之前  剩余 {0}，{1} 持有 {2}',
  'after   {0} left, {1} holds {2}': '之后  剩余 {0}，{1} 持有 {2}',
  'REDIS_URL, REDIS_HOST and REDIS_PORT': 'REDIS_URL、REDIS_HOST 和 REDIS_PORT',
  'run log {0}': '运行日志 {0}',
  'no Redis command came for this purchase; the shop was told of its Redis by {0}':
    '这次抢购没有发出 Redis 命令；商店的 Redis 地址由 {0} 给出',
  '{0} (after the answer)': '{0}（应答之后）',
  'at ms': '时刻 ms',
  connection: '连接',
  command: '命令',
  reply: '回复',
  'took ms': '用时 ms',

  // simulate
  'would make {0} users buy by {1} on redis {2}, sale {3}': '将让 {0} 个用户用 {1} 抢购，redis {2}，秒杀 {3}',
  'stopped after {0} of {1} attempts: redis {2} has not answered for {3} s':
    '在 {1} 次抢购中的 {0} 次之后停止：redis {2} 已有 {3} 秒没有应答',

  // demo
  'the document’s counter: read the stock, decide, then decrement. Every step a command of its own':
    '文档里的计数器写法：读库存，判断，再扣减，每一步都是单独的命令',
  'the same decision inside one Lua script, which Redis runs with nobody in between':
    '同样的判断放进一个 Lua 脚本，Redis 执行期间没有别人插入',
  ', then by ': '，再用 ',
  'sell {0} units to {1} users over HTTP by {2}': '经 HTTP 把 {0} 件卖给 {1} 个用户，先用 {2}',
  'would start a private Redis (--redis URL: use that one, with sale {0}), {1}, and audit both sales':
    '将启动一个私有的 Redis（--redis URL：用指定的，秒杀 {0}），{1}，并审计两场秒杀',
  'firing {0} users, released together, {1} at a time, at a server in another process …':
    '{0} 个用户正在抢购，同时放行，每批 {1} 个，服务在另一个进程里……',
  'What happened': '结果',
  'for sale': '待售',
  'told "sold"': '被告知“已抢到”',
  recorded: '已记录',
  left: '剩余',
  'requests/s': '请求/秒',
  broken: '被打破的规则',
  'Now your own shop:': '现在试试你自己的商店：',
  '  seckill redis start                         a Redis of this folder, or name yours with --redis URL':
    '  seckill redis start                         本目录的 Redis；也可用 --redis URL 指定你的',
  '  seckill init --stock 50                     seed goods_a, clear a_users':
    '  seckill init --stock 50                     写入 goods_a，清空 a_users',
  '  seckill blast URL --start "COMMAND"         run your server, fire at it: 1,000 users, 100 at once, unless told otherwise':
    '  seckill blast URL --start "COMMAND"         启动你的服务并压测：默认 1,000 个用户，并发 100',
  '  seckill audit                               the verdict, with names; exit code 10 if a rule is broken':
    '  seckill audit                               结论，列出用户名；有规则被打破时退出码为 10',

  // Users and requests
  'the file of users does not name {0}': '用户文件里没有 {0}',
  'check --user': '请检查 --user',
  'no file of users at {0}': '没有用户文件 {0}',
  'check --usernames': '请检查 --usernames',
  '{0} is not UTF-8': '{0} 不是 UTF-8',
  'save it as UTF-8': '请存为 UTF-8',
  'cannot read the users of {0}: {1}': '读不了 {0} 中的用户：{1}',
  'a request has --form or --json-body, not both': '一个请求只能有 --form 或 --json-body 之一',
  '--form {0} is no field': '--form {0} 不是字段',
  "write --form 'username={{user}}'": "请写成 --form 'username={{user}}'",
  '--form {0} holds several fields': '--form {0} 含有多个字段',
  'write one --form for each': '请每个字段写一个 --form',
  '--header {0} is no header': '--header {0} 不是请求头',
  "write --header 'X-Forwarded-For: {{ip}}'": "请写成 --header 'X-Forwarded-For: {{ip}}'",
  '--json-body is no JSON: {0}': '--json-body 不是 JSON：{0}',
  'put placeholders in quotes; "{{quantity}}" alone becomes a number':
    '占位符要加引号；单独的 "{{quantity}}" 会变成数字',
  'put it in single quotes': '请用单引号括起来',
  'It must be a number from 1 to {0}, or auto.': '必须是 1 到 {0} 之间的数，或 auto',

  // Thresholds
  'no run was to be judged': '没有要审计的运行',
  'a run log has no end': '有一份运行日志没有结尾',
  'it had not come to rest: {0}': '秒杀还在变化：{0}',
  'the race was interrupted': '竞态探索被中断',
  '{0} does not measure {1}': '{0} 不测量 {1}',
  'blast, simulate, audit and run do': 'blast、simulate、audit 和 run 会测量',
  'audit and run do': 'audit 和 run 会测量',
  'race and run do': 'race 和 run 会测量',
  observed: '实际',

  // Files
  'error: the result cannot be written ({0}); free up the disk, or write it elsewhere':
    '错误：结果无法写入（{0}）；请腾出磁盘空间，或写到别处',
  'name a file in a folder that is there': '请指定一个已有目录中的文件',
  'timeline {0}': '时间线 {0}',
  'warning: {0}': '警告：{0}',
}
