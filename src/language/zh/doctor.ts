import type { Sentences } from '../say.js'

/** What a doctor finds, and what to do. */
export const DOCTOR: Sentences = {
  'ok  ': '正常  ',
  warn: '警告  ',
  '?   ': '未知  ',
  Shop: '商店',
  'This machine': '本机',
  '{0} CPU': '{0} 个 CPU',
  '{0} ok': '{0} 项正常',
  '{0} not told': '{0} 项未告知',
  '{0} warning': '{0} 项警告',
  '{0} failure': '{0} 项失败',
  'it accepts connections, and does not answer PING': '接受连接，但不应答 PING',
  'see its log; ask for an ACL rule that allows PING': '请看它的日志；请申请允许 PING 的 ACL 规则',
  'answers in {0} (median of {1}), {2} at most': '应答用时 {0}（{1} 次的中位数），最长 {2}',
  'every command of a purchase waits as long: move closer to Redis, or do it in one script':
    '抢购的每条命令都要等这么久：请离 Redis 近一些，或合并为一个脚本',
  'the server does not tell what it is (INFO)': '服务器不告知自己是什么（INFO）',
  '{0}, told by one node of the cluster': '{0}，由集群的一个节点告知',
  'seckill is tested on Redis and Valkey: run seckill race --redis URL there before you trust it':
    'seckill 在 Redis 和 Valkey 上测试过：信任它之前，请先在它上面运行 seckill race --redis URL',
  'it lacks streams and has had no fixes for years: take Redis 6.2 or newer, or Valkey':
    '没有 stream，多年不再修复：请用 Redis 6.2 或更新版本，或 Valkey',
  'the server does not tell its clients (INFO clients, CONFIG GET maxclients)':
    '服务器不告知连接数（INFO clients、CONFIG GET maxclients）',
  '{0} of {1} connections are taken': '已占用 {0} 个连接，上限 {1}',
  'a shop that opens more is refused: raise maxclients, or close idle clients':
    '商店再多开连接会被拒绝：请提高 maxclients，或关闭空闲连接',
  'the server did not answer EVAL': '服务器没有应答 EVAL',
  'EVAL is allowed': '允许 EVAL',
  'EVAL is refused: {0}': 'EVAL 被拒绝：{0}',
  'list-lua, counter-lua, counter-batch and counter-lock need it: ask for an ACL rule that allows it, or use counter-watch':
    'list-lua、counter-lua、counter-batch 和 counter-lock 需要它：请申请允许它的 ACL 规则，或用 counter-watch',
  'the server does not tell its memory limit (INFO memory)': '服务器不告知内存上限（INFO memory）',
  'see to it that maxmemory-policy is noeviction': '请确认 maxmemory-policy 是 noeviction',
  'set maxmemory-policy noeviction': '请设置 maxmemory-policy noeviction',
  'policy {0} evicts the stock as soon as maxmemory is set': '策略 {0}：一旦设置 maxmemory 就会淘汰库存',
  'noeviction, no limit of memory': 'noeviction，内存没有上限',
  '{0} of {1} MB in use, policy {2}': '已用 {0} MB，上限 {1} MB，策略 {2}',
  '{0}: writes will be refused': '{0}：写入将被拒绝',
  'raise maxmemory, or free some': '请提高 maxmemory，或释放内存',
  '{0}: keys that expire may be evicted, the stock too if it has a lifetime':
    '{0}：会过期的键可能被淘汰，库存若有有效期也在其中',
  '{0}: the stock and the records may be evicted': '{0}：库存和记录可能被淘汰',
  'the server does not tell what it keeps on disk (INFO persistence, CONFIG GET save)':
    '服务器不告知在磁盘上保存什么（INFO persistence、CONFIG GET save）',
  'for sales that count: appendonly yes, appendfsync everysec or always':
    '正式售卖请用 appendonly yes，appendfsync everysec 或 always',
  'the last snapshot failed: Redis may refuse every write (MISCONF)':
    '上一次快照失败：Redis 可能拒绝所有写入（MISCONF）',
  'the last write to the append-only file failed': '上一次写入 AOF 失败',
  'see its log, the space on its disk, and its rights in its folder': '请看它的日志、磁盘空间和目录权限',
  'append-only file, fsync no: a crash of the machine loses many seconds of sales':
    'AOF，fsync no：机器宕机会丢失许多秒的售卖',
  'append-only file, fsync {0}': 'AOF，fsync {0}',
  'keeps nothing on disk: a restart loses the sale': '不在磁盘上保存：重启会丢失售卖',
  'no append-only file; whether it takes snapshots is not told': '没有 AOF；是否做快照未告知',
  'snapshots only (save {0}): a crash loses the sales since the last one':
    '只有快照（save {0}）：宕机会丢失上次快照之后的售卖',
  'the server does not tell its role (INFO replication)': '服务器不告知角色（INFO replication）',
  ', its link to the primary is {0}': '，与主节点的连接 {0}',
  'this is a replica ({0}){1}: it refuses writes, or takes those of others':
    '这是副本（{0}）{1}：它拒绝写入，或接受别处的写入',
  'a primary without replicas': '主节点，没有副本',
  'replication is asynchronous: a failover may lose sales that buyers were told of; audit after each':
    '复制是异步的：故障转移可能丢失已告知买家的售卖；每次转移后请审计',
  'a primary, replicas that follow it: {0}': '主节点，跟随的副本：{0}',
  'replica {0} is {1} and {2} KB behind (replicas: {3})': '副本 {0} 状态 {1}，落后 {2} KB（副本：{3}）',
  'seed with init --hash-tag, so that the keys of a sale share a slot':
    '请用 init --hash-tag 初始化，让售卖的键在同一个槽',
  'the server does not tell whether it is part of a cluster (INFO cluster)': '服务器不告知是否属于集群（INFO cluster）',
  'no cluster': '不是集群',
  'a node of a cluster, reached alone: it refuses keys of other nodes (MOVED)':
    '集群的一个节点，单独连接：它拒绝其他节点的键（MOVED）',
  'use --redis redis+cluster://HOST; {0}': '请用 --redis redis+cluster://HOST；{0}',
  'a cluster that does not tell its state (CLUSTER INFO)': '集群，不告知状态（CLUSTER INFO）',
  'a cluster, its state is ok': '集群，状态 ok',
  'a cluster whose state is {0}: it refuses commands': '集群，状态 {0}：它拒绝命令',
  'see: redis-cli cluster info': '见 redis-cli cluster info',
  'with ours, to {0} (±{1})': '与本机一致，相差 {0}（±{1}）',
  '{0} ahead of ours (±{1})': '比本机快 {0}（±{1}）',
  '{0} behind ours (±{1})': '比本机慢 {0}（±{1}）',
  'sales open and end early or late: let both follow NTP': '售卖会提早或推迟开始和结束：请让两边都跟随 NTP',
  'the server does not tell its time (TIME)': '服务器不告知时间（TIME）',
  'the target sends no Date that moves with time': '目标不发送随时间变化的 Date',
  '{0} answers (HEAD: status {1})': '{0} 有应答（HEAD：状态 {1}）',
  'it is up, but not well: see its log': '它已启动，但不正常：请看它的日志',
  'generator, shop and Redis share it: heed the generator verdict of blast':
    '压测、商店和 Redis 共用它：请留意 blast 对压测机的判定',
  'one thread sends no more than it can: heed the generator verdict of blast':
    '单个线程能发的有限：请留意 blast 对压测机的判定',
  'no limit of open files is told (ulimit -n)': '没有告知打开文件数的上限（ulimit -n）',
  '{0} open files, enough for {1} connections': '可打开 {0} 个文件，足够 {1} 个连接',
  'the range of local ports is not told': '没有告知本地端口的范围',
  '{0} local ports, enough for {1} connections': '{0} 个本地端口，足够 {1} 个连接',
  '{0}: demo, race and redis start need one': '{0}：demo、race 和 redis start 需要它',
  'not installed: only a queue on BullMQ needs it': '未安装：只有用 BullMQ 的队列才需要',
}
