import type { Sentences } from '../say.js'

/** Orders of commands: timelines, what is wrong beside the rules, what cannot be explored. */
export const RACE: Sentences = {
  // Timelines
  'the shop process of {0} dies, {1} gets no answer': '{0} 的商店进程退出，{1} 得不到应答',
  'the relay dies and is started again': 'relay 退出后重新启动',
  '{0} dies, its order is handed over again': '{0} 退出，它的订单会重新派发',
  '{0} is {1}': '{0}：{1}',
  'why: {0}': '原因：{0}',
  'again ({0}): {1}': '重放（{0}）：{1}',
  '{0} preemption': '{0} 次抢占',
  'pauses {0} ms': '暂停 {0} ms',
  'sends its request': '发出请求',
  'the lock expires': '锁过期',
  dies: '退出',
  'the expiry': '过期',
  '; {0}': '；{0}',
  '{0} worker': '{0} 个 worker',
  '{0}; stock {1}{2}': '{0}；库存 {1}{2}',

  // Verdicts
  'an execution went on for {0} steps: a purchase asks again and again without a pause':
    '有一次执行走了 {0} 步：某次购买不停顿地反复查询',
  'nobody was told "sold" in any order, though units were there: no rule was put to the test':
    '有库存，但在任何执行顺序里都没有人被告知“已抢到”：没有检验到任何规则',
  '{0}; what it waits for must go through ctx.clock.sleep': '{0}；等待必须通过 ctx.clock.sleep',
  'not every order was explored ({0} were); raise budgetMs, or set maxPreemptions':
    '没有探索完所有执行顺序（已探索 {0} 种）；请加大 budgetMs，或设置 maxPreemptions',
  '{0} has a race': '{0} 有竞态',
  'the purchase of {0} {1}': '{0} 的购买{1}',
  'threw: {0}': '抛出异常：{0}',
  'turn what may fail into an outcome': '请把可能的失败转成一种结果',
  'returned {0}, which is no outcome': '返回了 {0}，这不是一种结果',
  'return one of {0}': '请返回其中之一：{0}',
  'nobody can go on: {0} wait for a change that nobody is left to make':
    '谁也无法继续：{0} 在等待一个已没有人会做的改变',
  'a lock that its holder never gave back, or retries that only time ends': '持有者没有释放锁，或者重试只能靠超时结束',
  'the purchase of {0} neither answered nor sent a command': '{0} 的购买既没有应答，也没有发出命令',
  'a promise that nobody resolves, or a wait that goes around ctx.clock':
    '有 Promise 一直没有完成，或者等待没有经过 ctx.clock',
  'the purchase of {0} neither got an answer nor sent a command': '{0} 的购买既没有得到应答，也没有发出命令',
  'a lock that its holder never gave back, or a wait for something outside Redis':
    '持有者没有释放锁，或者在等待 Redis 之外的东西',

  // Replays
  'the same steps led elsewhere: {0}': '同样的步骤得到了不同的结果：{0}',
  'the purchase decides by something outside Redis and ctx: a clock, a random number, state that is shared':
    '购买的判断依赖 Redis 和 ctx 之外的东西：时钟、随机数或共享状态',
  'the order to replay does not fit what races: {0}': '要重放的执行顺序与当前设定不符：{0}',
  'name users, stock and quantities as race printed them, --lock-expiry for an x and --crash for a -':
    '用户、库存和数量请照 race 打印的写；有 x 时加 --lock-expiry，有 - 时加 --crash',
  'step {0}: {1}': '第 {0} 步：{1}',
  '{0} has nothing to do there': '{0} 在那里无事可做',
  '{0} has nothing to do': '{0} 无事可做',
  '{0} has nothing to do, and had before': '{0} 无事可做，而之前有',
  'actor {0} has nothing to do': '第 {0} 个参与者无事可做',
  'a replay ended otherwise': '重放的结局不同',
  'Redis replied {0}, and {1} before': 'Redis 应答 {0}，而之前是 {1}',
  '{0} sends {1}, and {2} before': '{0} 发出 {1}，而之前是 {2}',
  '{0} sends {1}': '{0} 发出 {1}',
  '{0}, and {1} before': '{0}，而之前是 {1}',
  '{0} {1} and {2} {3}': '{0} {1} 和 {2} {3}',
  '--replay {0} is no order of {1} buyers': '--replay {0} 不是 {1} 个买家的执行顺序',
  'digits name buyers, x is the expiry of the lock, - stands before who dies: as race printed it':
    '数字是买家，x 是锁过期，- 写在退出者之前：请照 race 打印的写',
  'digits name buyers, A, B, C workers, R the relay, - stands before who dies: as race printed it':
    '数字是买家，A、B、C 是 worker，R 是 relay，- 写在退出者之前：请照 race 打印的写',

  // Wishes that cannot be met
  'a bound on preemptions needs full search, not {0}': '限制抢占次数需要完全搜索，不能用 {0}',
  'leave the explorer out': '请不要指定探索方式',
  'an order can be replayed in one setting only': '一种执行顺序只能在一个设定里重放',
  'name users, stock and quantities as race printed them': '用户、库存和数量请照 race 打印的写',
  'somebody dies in the order to replay': '要重放的执行顺序里有进程退出',
  'add --crash': '请加上 --crash',
  'there are no workers here: purchases are decided at once': '这里没有 worker：购买当场就有结果',
  'leave --workers out': '请去掉 --workers',
  '{0} workers cannot race': '不能让 {0} 个 worker 竞争',
  '1 to {0} of them': '可以是 1 到 {0} 个',
  'users {0} cannot race': '不能让 {0} 这些用户竞争',
  '1 to {0} of them, or letters such as aab': '可以是 1 到 {0} 个，或用 aab 这样的字母',
  'this layout sells {0} unit to a user': '这种布局每个用户限购 {0} 件',
  'leave the quantities out': '请不要指定数量',

  // Foreign shops
  '{0}, and {1} more': '{0} 及另外 {1} 条',
  'what the shop sends to Redis cannot be followed ({0})': '商店发给 Redis 的内容无法解析（{0}）',
  'the shop refused the purchase before any Redis command ({0}): it may take another form, JSON body or header':
    '商店还没有发出任何 Redis 命令就拒绝了购买（{0}）：它可能需要别的表单、JSON 或请求头',
  'no Redis command came for a purchase (answer: {0}); the shop was told of its Redis by {1}':
    '购买没有带来任何 Redis 命令（应答：{0}）；已通过 {1} 告知商店使用哪个 Redis',
  'a buyer alone, with stock enough, was not told "sold" but {0} ({1})':
    '只有一个买家且库存充足，却没有被告知“已抢到”，而是 {0}（{1}）',
  'the purchase never touched {0}: it sent {1}; is the stock kept elsewhere, or in memory?':
    '购买从未访问 {0}：它发出了 {1}；库存是不是存在别处，或者在内存里？',
  'the shop sends {0} while nobody buys: it cannot be told from what a purchase sends':
    '没有人购买时商店也发出 {0}：无法与购买发出的命令区分',
  ' and sent it again': '并且重发了它',
  'the shop gave up the connection while {0} was held for {1} ms{2}: a timeout of its Redis client is too short':
    '{0} 被扣住 {1} ms 时商店断开了连接{2}：它的 Redis 客户端超时太短',
  'the connection ended before the reply to {0}': '{0} 的应答到来之前连接就断开了',
  ' for {0} ms': '了 {0} ms',
  'the shop answered ({0}) while {1} was held{2}: a timeout of its Redis client is too short':
    '{1} 被扣住{2}的时候商店就应答了（{0}）：它的 Redis 客户端超时太短',
  'the shop answered {0} without a command to Redis ({1}): it remembers something from before':
    '商店没有向 Redis 发命令就应答了 {0}（{1}）：它记住了之前的内容',
  'the shop ended during a purchase ({0})': '商店在购买过程中退出了（{0}）',
}
