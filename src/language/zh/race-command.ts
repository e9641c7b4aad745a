import type { Sentences } from '../say.js'

/** What `race` says before, while and instead of exploring. */
export const RACE_COMMAND: Sentences = {
  'nothing to race': '没有要探索的对象',
  'name a strategy or a URL': '请给出策略或 URL',
  '--lock-expiry is for strategies': '--lock-expiry 只用于策略',
  '--attach is for a server that runs already': '--attach 用于已在运行的服务',
  'leave --start out': '请去掉 --start',
  '--attach is one server, and --deployment scaled are several': '--attach 是一个服务，--deployment scaled 是多个',
  'a server that runs already has a port': '已在运行的服务有自己的端口',
  'write it in the URL': '请写在 URL 里',
  '--listen is where a server that runs already finds its Redis': '--listen 是已在运行的服务连接 Redis 的地址',
  'add --attach': '请加上 --attach',
  'race starts the shop itself, a copy for each buyer': 'race 自己启动商店，每个买家一个副本',
  'add --start "COMMAND {port}"': '请加上 --start "COMMAND {port}"',
  'every copy of the shop needs a port of its own, and this URL names one':
    '商店的每个副本都要有自己的端口，而这个 URL 写死了端口',
  'write {0}, or --deployment single': '请写成 {0}，或用 --deployment single',
  'one process cannot be explored by dpor: its connections tie commands together':
    '单个进程不能用 dpor 探索：它的连接把命令绑在了一起',
  '--env {0} is no variable': '--env {0} 不是变量',
  'write --env NAME=value': '请写成 --env NAME=value',
  '{0} is expected to find its Redis at 127.0.0.1:{1}': '{0} 应当通过 127.0.0.1:{1} 连接 Redis',
  'you: it has to point at 127.0.0.1:{0}': '由您设置：要指向 127.0.0.1:{0}',
  '{0} executions': '执行 {0} 次',
  '{0} copy': '{0} 个副本',
  'would start {0}': '将启动 {0}',
  'starting {0}': '正在启动 {0}',
  '--crash is for strategies: processes of yours are not killed here': '--crash 只用于策略：这里不会杀死您的进程',
  'the shop did not do the same twice: {0}': '商店两次的行为不一样：{0}',
  'see docs/race.md: what a shop must be like': '见 docs/race.md：商店需要满足的条件',
  'the same steps of one purchase ended in two ways: the shop decides by something else, too':
    '同一次购买的相同步骤有两种结果：商店还依据别的东西做决定',
  'one purchase alone: {0}': '单独一次购买：{0}',
  'in the background, never held: {0}': '后台命令，从不拦截：{0}',
  '{0} waits for what others do, and is never held': '{0} 会等待别人的操作，从不拦截',
  'a connection goes on unseen: {0}': '有一个连接无法观察：{0}',
  'the shop sends commands at the same time: they are taken in the order in which they come':
    '商店同时发送多条命令：按到达的先后顺序执行',
  'the shop sends commands after its answer: they are explored, and the answer counts as given before them':
    '商店在应答之后还发送命令：这些命令也会探索，应答算在它们之前',
  'a buyer alone asked for 2, and got 1: the shop does not know {{quantity}} by this name, and is explored with quantity 1 only':
    '一个买家单独要 2 件，只得到 1 件：商店不认识名为 {{quantity}} 的数量，只用数量 1 探索',
  '--deployment and --attach are for a server of yours': '--deployment 和 --attach 用于您自己的服务',
  'name its URL, or leave them out': '请给出它的 URL，或去掉它们',
  'a Redis of its own': '自带的 Redis',
  'the Redis that --redis names': '--redis 指定的 Redis',
  'would explore {0} in {1}, on {2}': '将探索 {0}，共 {1}，使用{2}',
  '--all-strategies goes over the portfolio, without --{0}': '--all-strategies 探索整套设置，不能带 --{0}',
  'every strategy': '每种策略',
  'pairs of commands': '成对的命令',
  '{0} pairs of commands in both orders, {1} trials': '{0} 对命令，两种顺序，{1} 次试验',
  'pass  {0}: of {1} that the table takes for independent none differed': '通过  {0}：表中认为独立的 {1} 对都没有差别',
  'FAIL  {0}: the order of these shows': '失败  {0}：这些命令的顺序有差别',
}
