import type { Sentences } from '../say.js'

/** Strategies: what they send, what they break, what tests them. */
export const STRATEGIES: Sentences = {
  'no strategy {0}{1}': '没有策略 {0}{1}',
  '{0}; only on {1}': '{0}；仅限 {1}',
  'if its lock expires': '锁过期时',
  'with several workers': '有多个 worker 时',
  'if a process dies': '进程中途退出时',
  'Redis ≥ 8.8 or Valkey ≥ 9.2': 'Redis ≥ 8.8 或 Valkey ≥ 9.2',
  'LRANGE records, LLEN, LPOP, LPUSH (document 2-1)': 'LRANGE 记录、LLEN、LPOP、LPUSH（原文 2-1）',
  'HGET, LLEN, LREM count, HSET (document 2-2)': 'HGET、LLEN、LREM 件数、HSET（原文 2-2）',
  'HGET, GET, DECRBY, HSET; reply 0 counts as failure (document 四)':
    'HGET、GET、DECRBY、HSET；把返回值 0 当作失败（原文四）',
  'HSETNX claim, DECRBY; below zero: INCRBY back, HDEL': 'HSETNX 占位、DECRBY；减到负数时 INCRBY 加回、HDEL',
  'HSETNX claim, INCREX bounded at 0, HDEL if refused': 'HSETNX 占位、INCREX 以 0 为下界，被拒时 HDEL',
  'SET NX PX with a token, HGET, GET, DECRBY, HSET, scripted unlock':
    '带令牌的 SET NX PX、HGET、GET、DECRBY、HSET，用脚本解锁',
  'WATCH, GET, HGET, MULTI DECRBY HSET EXEC on an own connection, bounded retries':
    '在独立连接上 WATCH、GET、HGET、MULTI DECRBY HSET EXEC，重试次数有限',
  'one script: HEXISTS, LLEN, LTRIM, HSET': '一个脚本：HEXISTS、LLEN、LTRIM、HSET',
  'one script: HEXISTS, GET, DECRBY, HSET': '一个脚本：HEXISTS、GET、DECRBY、HSET',
  'concurrent purchases of one process in one script call': '同一进程的并发购买合并为一次脚本调用',
  'one script: HEXISTS, GET, DECRBY, HSET claim, XADD order; a relay enqueues it, a worker records it':
    '一个脚本：HEXISTS、GET、DECRBY、HSET 占位、XADD 订单；由 relay 入队，worker 写记录',
  'enqueue; a worker: HGET, GET, DECRBY, HSET': '入队；worker：HGET、GET、DECRBY、HSET',
  'one script: HEXISTS, GET, DECRBY, HSET claim; then the process enqueues; a worker records it':
    '一个脚本：HEXISTS、GET、DECRBY、HSET 占位；再由该进程入队，worker 写记录',
}
