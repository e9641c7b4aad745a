import type { Sentences } from '../say.js'

/** What the command line says of itself. */
export const CLI: Sentences = {
  'error: {0}': '错误：{0}',
  'this is a bug: run it again with --debug and report what it prints':
    '这是程序缺陷：请加上 --debug 再运行一次，并报告它的输出',
  'no completion for {0}': '没有 {0} 的补全脚本',
  'to keep it: {0}': '要长期使用：{0}',
  'race logs nobody in: it needs new users for each order': 'race 不替用户登录：每种顺序都要用新的用户',
  'let them in by users.redis or users.jwt': '请用 users.redis 或 users.jwt 让他们进入',
  'nothing is polled': '没有要轮询的请求',
  'add --poll "GET /orders/{{ticket}}"': '请加上 --poll "GET /orders/{{ticket}}"',
  'a ticket in the headers is not kept': '不会保留响应头中的 ticket',
  'add --transport undici': '请加上 --transport undici',
  '--poll {0} is no request': '--poll {0} 不是请求',
  'write --poll "GET /orders/{{ticket}}" or --poll "redis:GET order:{{ticket}}"':
    '请写成 --poll "GET /orders/{{ticket}}" 或 --poll "redis:GET order:{{ticket}}"',
  'a poll that reads Redis has no form, JSON or headers': '读取 Redis 的轮询没有表单、JSON 和请求头',
  '--poll {0}: {1}': '--poll {0}：{1}',
  'a quote that does not end': '引号没有结束',
  'as in redis-cli: "two words", "a \\" in it"': '写法同 redis-cli："两个 词"、"里面有 \\""',
  'no command': '没有命令',
  '{0} is none of the commands that only read': '{0} 不在只读命令之列',
  '{0} takes {1}, not {2}': '{0} 需要{1}，而不是 {2} 个',
  '{0} or more': '{0}或更多',
  'nothing was queued, nothing was polled': '没有排队的请求，也没有轮询',
  '{0} queued: {1}{2}': '{0} 排队：{1}{2}',
  '; {0}{1}': '；{0}{1}',
  ', {0} told to come later': '，其中 {0} 次被要求稍后再来',
  'undecided {0}': '未决 {0}',
  '{0} poll': '{0} 次轮询',
  'time to acceptance: p50 {0} ms, p99 {1} ms, max {2} ms': '受理用时：p50 {0} ms，p99 {1} ms，最大 {2} ms',
  'time to decision:   p50 {0} ms, p99 {1} ms, max {2} ms': '定案用时：p50 {0} ms，p99 {1} ms，最大 {2} ms',
  '{0} were not followed: their answers held no ticket (--ticket), or too many were open':
    '{0} 个没有跟踪：答复里没有 ticket（--ticket），或同时未决的太多',
  '{0} brought no answer: {1}': '{0}没有得到答复：{1}',
  'no rule knows the answer to {0} (--poll-outcome): {1}': '没有规则认得{0}得到的答复（--poll-outcome）：{1}',
  '{0} attempts stayed undecided; {1}': '{0} 次尝试仍然未决；{1}',
}
