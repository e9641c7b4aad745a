import { RULES } from '../../src/audit/rules/index.js'
import { EXIT } from '../../src/errors.js'
import { strategiesMarkdown } from '../../src/report/strategies.js'
import { INVARIANTS, type InvariantId } from '../../src/sale/invariant.js'
import { STRATEGIES } from '../../src/strategies/index.js'

/** The texts that a README needs beside the code's own lists. */
interface Words {
  readonly invariants: Readonly<Record<InvariantId, string>>
  readonly exits: Readonly<Record<keyof typeof EXIT, string>>
  readonly witness: Readonly<Record<'store' | 'run', string>>
  readonly heads: Readonly<Record<'invariants' | 'exits' | 'strategies', readonly string[]>>
  /** What the code says in English → this language. */
  readonly phrases: readonly (readonly [string, string])[]
}

const EN: Words = {
  invariants: {
    'no-oversell': 'units recorded ≤ units for sale, and so are the units that buyers were told they got',
    'no-negative-stock': 'the stock is not below zero at the end, nor in any sample taken during the run',
    'one-record-per-user': 'no user holds more than one record (on a hash true by construction)',
    'one-success-per-user': 'no user was told "sold" twice',
    'purchase-limit': 'every record, and every user’s sum, is a whole number from 1 to the limit',
    conservation: 'left + recorded = units for sale: nothing lost, nothing made up',
    'acknowledged-is-recorded': 'every "sold" has its record, of that user and quantity',
    'recorded-is-acknowledged': 'every record has an answer that explains it',
    'queued-is-decided': 'every accepted order ended sold with a record, or refused without one',
    'reserved-is-recorded':
      'every order of our own queue: reserved, sold by one job and recorded, all with the same units',
    'no-undersell': 'nobody without a record was refused a quantity that is left at the end',
    'somebody-bought': 'not everyone was refused while there was stock',
    'real-time-order': 'some order of the purchases, each while it was under way, explains every answer',
    'no-sale-outside-window': 'nothing was sold before the declared start or after the declared end',
  },
  exits: {
    ok: 'done; for `audit`: every rule holds',
    unexpected: 'unexpected error, or the disk is full',
    usage: 'wrong flag, file, password, key type or port; a refused overwrite',
    unreachable: 'Redis or the target cannot be reached or used',
    inconclusive:
      'inconclusive: a witness is missing; a rate or burst was not produced; `race` ran out of budget, or the shop cannot be explored',
    violated: 'a rule is violated',
    threshold: 'a threshold is missed',
    interrupted: 'interrupted by Ctrl-C; partial results are written',
    terminated: 'ended by SIGTERM; likewise',
  },
  witness: { store: 'Redis', run: 'run log' },
  heads: {
    invariants: ['rule', '中文', 'holds if', 'needs'],
    exits: ['exit code', 'meaning'],
    strategies: ['strategy', 'layout', 'commands', 'can break'],
  },
  phrases: [],
}

const ZH: Words = {
  invariants: {
    'no-oversell': '已记录的件数不超过库存总数，买家被告知买到的件数也不超过',
    'no-negative-stock': '结束时库存不为负，压测期间的任何一次采样也不为负',
    'one-record-per-user': '同一用户最多一条记录（用 hash 存记录时必然成立）',
    'one-success-per-user': '同一用户不会两次被告知“已抢到”',
    'purchase-limit': '每条记录和每个用户的合计都是 1 到限购数之间的整数',
    conservation: '剩余 + 已记录 = 总数：不丢，也不凭空多出',
    'acknowledged-is-recorded': '每个“已抢到”都有对应用户和数量的记录',
    'recorded-is-acknowledged': '每条记录都能由某次应答解释',
    'queued-is-decided': '每个排队的订单，要么售出并有记录，要么被拒且无记录',
    'reserved-is-recorded': '自带队列里的每个订单：预占、由一个任务售出、入账，件数全都一致',
    'no-undersell': '没有记录的用户，不会因库存不足被拒，而最后剩下的库存却够他买',
    'somebody-bought': '有库存时，不会所有人都被拒绝',
    'real-time-order': '存在一种顺序，每次购买都落在它自己的请求期间，能解释每个应答',
    'no-sale-outside-window': '在声明的开始之前、结束之后，没有卖出任何一件',
  },
  exits: {
    ok: '完成；对 `audit` 来说：所有规则成立',
    unexpected: '意外错误，或磁盘已满',
    usage: '参数、文件、密码、键类型或端口有误；拒绝覆盖',
    unreachable: 'Redis 或目标服务连不上或不可用',
    inconclusive: '无法下结论：缺少证据；没有达到要求的速率或齐发；`race` 的时间预算用完，或商店无法探索',
    violated: '有规则被违反',
    threshold: '未达到阈值',
    interrupted: '被 Ctrl-C 中断，已有结果会写出',
    terminated: '被 SIGTERM 终止，同上',
  },
  witness: { store: 'Redis', run: '运行日志' },
  heads: {
    invariants: ['规则', '中文名', '成立条件', '需要'],
    exits: ['退出码', '含义'],
    strategies: ['策略', '布局', '命令', '可能破坏'],
  },
  phrases: [
    ['| nothing', '| 无'],
    ['; if its lock expires: ', '；锁提前过期时：'],
    ['; with several workers: ', '；有多个 worker 时：'],
    ['; if a process dies: ', '；进程中途退出时：'],
    ['; only on Redis ≥ 8.8 or Valkey ≥ 9.2', '；需要 Redis ≥ 8.8 或 Valkey ≥ 9.2'],
    ['; reply 0 counts as failure (document 四)', '；把返回值 0 当作失败（原文四）'],
    [' (document 2-1)', '（原文 2-1）'],
    [' (document 2-2)', '（原文 2-2）'],
    ['HSETNX claim, DECRBY; below zero: INCRBY back, HDEL', 'HSETNX 占位、DECRBY；减到负数就 INCRBY 退回并 HDEL'],
    ['HSETNX claim, INCREX bounded at 0, HDEL if refused', 'HSETNX 占位、以 0 为下界的 INCREX，被拒则 HDEL'],
    [
      'SET NX PX with a token, HGET, GET, DECRBY, HSET, scripted unlock',
      '带令牌的 SET NX PX、HGET、GET、DECRBY、HSET、脚本解锁',
    ],
    ['MULTI DECRBY HSET EXEC on an own connection, bounded retries', 'MULTI DECRBY HSET EXEC，独占连接，有限次重试'],
    [
      'HSET claim, XADD order; a relay enqueues it, a worker records it',
      'HSET 占位、XADD 订单；由 relay 入队，worker 写记录',
    ],
    ['HSET claim; then the process enqueues; a worker records it', 'HSET 占位；再由该进程入队，worker 写记录'],
    ['enqueue; a worker: ', '入队；worker：'],
    ['one script: ', '一个脚本：'],
    ['concurrent purchases of one process in one script call', '同一进程的并发购买合并为一次脚本调用'],
    [', ', '、'],
  ],
}

const WORDS = { en: EN, zh: ZH } as const

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const translated = (text: string, phrases: Words['phrases']): string =>
  phrases.reduce((result, [english, other]) => {
    if (!text.includes(english)) throw new Error(`the code no longer says ${JSON.stringify(english)}`)
    return result.replaceAll(english, other)
  }, text)

/** The generated parts of a README, from the code's own lists. */
export const readmeTables = (language: keyof typeof WORDS): Record<string, string> => {
  const { invariants, exits, witness, heads, phrases } = WORDS[language]
  const judged = RULES.map(({ id, needs }) => [
    `\`${id}\``,
    INVARIANTS[id],
    invariants[id],
    needs.map((name) => witness[name]).join(language === 'zh' ? '、' : ', '),
  ])
  const codes = Object.entries(EXIT).map(([name, code]) => [String(code), exits[name as keyof typeof EXIT]])
  return {
    invariants: table(heads.invariants, judged),
    'exit-codes': table(heads.exits, codes),
    strategies: translated(strategiesMarkdown(STRATEGIES, heads.strategies), phrases),
  }
}
