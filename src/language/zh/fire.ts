import type { Sentences } from '../say.js'

/** blast and simulate: what goes on, what came out, what to doubt. */
export const FIRE: Sentences = {
  'would fire {0} users at {1}, concurrency {2}': '将让 {0} 个用户抢购 {1}，并发 {2}',
  'the server under test ended ({0}): {1}': '被测服务已退出（{0}）：{1}',
  'no rule for {0} answers like: {1} {2}; if you know it: {3}':
    '{0} 个应答没有匹配的规则，例如：{1} {2}；如果知道含义：{3}',
  '{0} answers beyond {1} kinds are known by their outcome alone': '超出 {1} 种的 {0} 个应答只保留了结果',
  "starts at {0} by this machine's clock": '{0}（本机时钟）开始',
  "starts at {0} by this machine's clock; the server's is {1} behind it (± {2})":
    '{0}（本机时钟）开始；服务器的时钟慢 {1}（± {2}）',
  "starts at {0} by this machine's clock; the server's is {1} ahead of it (± {2})":
    '{0}（本机时钟）开始；服务器的时钟快 {1}（± {2}）',
  'the file of users names {0}, fewer than --users {1}': '用户文件里有 {0} 个，少于 --users {1}',
  'name more, or leave --users out': '请增加用户，或去掉 --users',

  // Getting in
  'users.login and users.redis need to know how many users there are': 'users.login 和 users.redis 需要知道有多少用户',
  'say --users 20000': '请给出 --users 20000',
  'the sessions of users.redis could not be removed; they expire': '无法删除 users.redis 的会话；它们会过期',
  'users.redis needs Redis': 'users.redis 需要 Redis',
  'start it, or check --redis': '请启动它，或检查 --redis',
  '{0} sessions written to redis, to be removed after the run': '已向 redis 写入 {0} 个会话，运行后删除',
  'logged in {0} of {1} users': '已登录 {0} / {1} 个用户',
  '{0} users logged in, in {1}; neither counted nor timed': '{0} 个用户已登录，用时 {1}；不计数，也不计时',

  // While it goes on, and after
  'starts in {0}': '{0} 后开始',
  'stock {0} left': '库存剩余 {0}',
  '{0} attempts': '{0} 次抢购',
  '{0} of {1} attempts': '{0} / {1} 次抢购',
  '{0} of {1}': '{0} / {1}',
  'max ms': '最大 ms',
  'no end of': '不限数量的',
  '{0}: {1} users, concurrency {2}, seed {3}': '{0}：{1} 个用户，并发 {2}，随机种子 {3}',
  '{0} attempts in {1}, {2}/s; {3} units acknowledged': '{1} 内 {0} 次抢购，{2}/s；已告知买到 {3} 件',
  '; sold out after {0}': '；{0} 后售罄',
  '; interrupted': '；被中断',
  service: '服务时间',
  connect: '建立连接',
  '{0} {1}, sale {2}, concurrency {3}, seed {4}': '{0} {1}，秒杀 {2}，并发 {3}，随机种子 {4}',
  '{0}; began {1}; {2}': '{0}；开始于 {1}；{2}',
  'open load: {0} planned, {1} late, {2} dropped; left {3} ms after their time (p99)':
    '开放负载：计划 {0}，迟发 {1}，未发 {2}；比预定时刻晚 {3} 毫秒发出（p99）',
  'released within {0} ms: half of them in {1} ms, 99 % in {2} ms':
    '{0} 毫秒内全部放行：一半在 {1} 毫秒内，99 % 在 {2} 毫秒内',
  '{0} attempts of the warm-up are not in the times': '预热的 {0} 次抢购不计入延迟',
  'of {0} winners {1} were among the first {2} to send; the last of them sent as no. {3}':
    '{0} 名抢到者中有 {1} 名在最先发送的 {2} 名之内；其中最后一名是第 {3} 个发送的',

  // Doubts
  ' ({0} × {1})': '（{0} × {1}）',
  '{0} answered none of {1} attempts{2}': '{0} 没有应答 {1} 次抢购中的任何一次{2}',
  'is it up, and does it serve this path? see seckill report {0}': '它启动了吗？提供这个路径吗？见 seckill report {0}',
  '{0} of {1} attempts ({2}) got no answer: {3}; they prove nothing about the sale: see whether it went down under the load':
    '{1} 次抢购中有 {0} 次（{2}）没有应答：{3}；它们对秒杀证明不了什么：看看服务是否被压垮',
  '{0}, status {1}': '{0}，状态码 {1}',
  'nothing was tested: the shop decided about none of {0} attempts ({1}); {2}':
    '什么都没检验到：商店没有对 {0} 次抢购中的任何一次作出决定（{1}）；{2}',
  'does the request have the fields that the shop asks for? see --form, --json-body':
    '请求带上了商店要求的字段吗？见 --form、--json-body',
  'let users log in first: docs/users.md': '先让用户登录：docs/users.md',
  'is the path right (--path), and the sale seeded there (--sale)?':
    '路径对吗（--path）？那里写入了这场秒杀的库存吗（--sale）？',
  'see --method': '见 --method',
  'does the sale have the layout that this path sells from? see: seckill status':
    '这场秒杀的布局与该路径所用的一致吗？见：seckill status',
  'see --json-body and --form': '见 --json-body 和 --form',
  'the shop calls these requests invalid: see --quantity, --form, --json-body':
    '商店认为这些请求无效：见 --quantity、--form、--json-body',
  'look at one purchase: seckill buy': '看一次抢购：seckill buy',
  'these figures are {0}: {1}': '这些数据{0}：{1}',
  "{0} of the attempts were throttled: they never reached the sale, and prove nothing about it; if the limiter goes by address: --header 'X-Forwarded-For: {{ip}}', else raise it in the test profile":
    "{0} 的抢购被限流：它们没有到达秒杀，证明不了什么；如果按地址限流：--header 'X-Forwarded-For: {{ip}}'，否则在测试配置里放宽",
  'the target said "sold" {0} times, but {1} never moved: does it use another Redis, database or key prefix?':
    '目标 {0} 次告知“已抢到”，但 {1} 从未变化：它用的是另一个 Redis、另一个库或另一种键前缀吗？',
}
