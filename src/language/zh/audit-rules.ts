import type { Sentences } from '../say.js'

/** What the rules of the audit find, and what they advise. */
export const AUDIT_RULES: Sentences = {
  // Oversold, undersold, negative
  '{0} of {1} for sale are recorded': '待售 {1}，已记录 {0} 件',
  '{0}, {1} were acknowledged': '{0}，已告知买家 {1} 件',
  '{0}; some records cannot be read, so their units are not counted': '{0}；有些记录读不懂，它们的件数没有计入',
  '{0}; {1} may have been, by answers that no rule understands':
    '{0}；另有 {1}可能也已告知，因为有些应答没有规则能识别',
  '{0} more unit': '{0} 件',
  'say what these answers mean, with --outcome: blast prints a rule to paste':
    '用 --outcome 说明这些应答的含义：blast 会打印可以直接粘贴的规则',
  '{0}; no more than that was asked for, so nothing could be oversold': '{0}；请求的总件数没有超过库存，不可能超卖',
  '{0} units are recorded': '记录了 {0} 件',
  'buyers were told they got {0}': '买家被告知共买到 {0} 件',
  '{0} units are recorded and buyers were told they got {1}': '记录了 {0} 件，买家被告知共买到 {1} 件',
  '{0}, but there were {1} for sale': '{0}，而待售只有 {1}',
  '{0}; the last {1} to be told: {2}': '{0}；最后被告知的 {1} 人：{2}',
  'the check of the stock and its decrement are two commands: others decrement in between; do both in one script, as list-lua and counter-lua do':
    '检查库存和扣减库存是两条命令，别人会在两者之间扣减；像 list-lua 和 counter-lua 那样放进同一个脚本',
  'this sale keeps no stock that could be negative: see no-oversell': '这场秒杀没有会变负的库存：见 no-oversell',
  'a {0} has no negative length, by construction': '{0} 的长度不会是负数，必然成立',
  'the stock was never seen below zero ({0} at the end; {1})': '从未见到库存为负（结束时 {0} 件；{1}）',
  '{0}: a dip that was made good again would not have been seen': '{0}：如果曾变负又补回来，是看不到的',
  'fire with Redis in reach (--redis), so that the stock is watched during the run':
    '压测时要连得上 Redis（--redis），这样才能全程观察库存',
  '{0}; no more than the stock was asked for': '{0}；请求的总件数没有超过库存',
  'the stock': '库存',
  '{0} went down to {1}': '{0} 曾降到 {1}',
  '{0}, {1} at the end': '{0}，结束时为 {1}',
  '{0}, {1} at the end over all counters': '{0}，结束时所有计数器合计为 {1}',
  'DECRBY has no lower bound: decrement only after a check in the same script (counter-lua), or bounded (increx)':
    'DECRBY 没有下界：在同一个脚本里先检查再扣减（counter-lua），或者用有下界的扣减（increx）',
  'no samples during the load': '压测期间没有采样',
  'looked at after every step': '每一步之后都看过',
  '{0} samples during the load, every {1} ms': '压测期间采样 {0} 次，每 {1} 毫秒一次',
  'nobody was refused for want of stock ({0} left)': '没有人因库存不足被拒（还剩 {0}）',
  'nothing is left, so nobody was refused what is left': '库存已空，没有人在有货时被拒',
  '{0} left, and nobody was refused what is left': '还剩 {0}，没有人在有货时被拒',
  '{0} left, yet {1} told there was too little: {2}': '还剩 {0}，却有 {1}被告知库存不足：{2}',
  'units on their way back (decrement, then undo) or lost updates hide stock from honest buyers; decide in one script':
    '正在退回的库存（先扣减后撤销）或丢失的更新，让正常买家看不到库存；在一个脚本里完成判断',

  // Conservation
  'this sale keeps no stock: what is left follows from its records': '这场秒杀不存库存：剩余数由记录推算',
  'some records cannot be read, so their units cannot be added up': '有些记录读不懂，件数无法相加',
  '{0} left + {1} recorded = {2}': '剩余 {0} + 已记录 {1} = {2}',
  '{0}, as at the start': '{0}，与开始时一致',
  '{0}; nothing moved': '{0}；没有任何变化',
  '{0}, but there were {1}: {2} made up': '{0}，而原有 {1} 件：凭空多出 {2}',
  '{0}; without an answer but with a record: {1}': '{0}；没有应答却有记录：{1}',
  'more was recorded than left the stock: LREM removes fewer than asked, an undo runs twice, or a purchase died after its claim':
    '记录的比库存减少的多：LREM 实际删除的少于要求的、撤销执行了两次，或购买在占位之后中断',
  '{0} of {1}; {2}': '{0}，原有 {1} 件；{2}',
  '{0}, but there were {1}: {2} lost': '{0}，而原有 {1} 件：丢失 {2}',
  '{0}; without an answer and without a record: {1}': '{0}；既没有应答也没有记录：{1}',
  'a purchase took its units and died before it wrote its record: take and record in one script or transaction':
    '购买扣了库存，没写记录就中断了：把扣减和记录放进同一个脚本或事务',
  'units left the stock without a record: a reply of 0 read as failure, a double click that overwrites its first record, or a crash between two commands':
    '库存减少了却没有记录：把返回值 0 当作失败、重复点击覆盖了前一条记录，或在两条命令之间崩溃',

  // Records and answers
  'nobody was told "sold"': '没有人被告知“已抢到”',
  'the records of {0} cannot be read': '读不懂 {0} 的记录',
  'each of {0} "sold" has its record': '{0} 次“已抢到”都有对应的记录',
  '{0} told "sold" for {1} that no record shows: {2}': '{0}被告知“已抢到”，其中 {1}没有任何记录：{2}',
  '{0} told "sold" for {1} that no record shows, on top of what was recorded before: {2}':
    '{0}被告知“已抢到”，除原有记录外，还有 {1}没有任何记录：{2}',
  'the second answer of a double click overwrote the first record, or the record was lost after the answer':
    '重复点击的第二次应答覆盖了第一条记录，或者记录在应答之后丢失',
  'every record has its answer': '每条记录都有对应的应答',
  '{0}; {1} older than the runs': '{0}；有 {1}早于这些运行',
  'whether these records are older than the runs is not known: {0}': '不知道这些记录是否早于这些运行：{0}',
  'the first run could not name the records that were there before it: seed anew and fire again':
    '第一次运行没能记下当时已有的记录：重新准备库存，再压测一次',
  '{0} more than any answer gave them: {1}': '{0}持有的比应答给的多：{1}',
  'the shop wrote the record and then answered "refused", or with another quantity':
    '商店写了记录，却应答“被拒”，或者应答的数量不同',
  '{0} of users that no known run made: {1}': '有 {0}，其用户不属于任何已知的运行：{1}',
  'somebody else bought, or the run log is gone: seed anew and judge only what seckill fired':
    '有别人在买，或者运行日志已经没了：重新准备库存，只审计 seckill 发起的抢购',

  // One each, within the limit
  'a {0} holds one record per user, by construction: one-success-per-user and conservation tell more':
    '{0} 里每个用户必然只有一条记录：更多信息见 one-success-per-user 和 conservation',
  'a record there is a unit, not an order: see purchase-limit for the units of each user':
    '那里的一条记录是一件，不是一单：每个用户的件数见 purchase-limit',
  '{0} more than {1}: {2}': '{0}持有多于 {1}：{2}',
  'no user holds more than {0}': '没有用户持有多于 {0}',
  '{0}; nobody tried twice': '{0}；没有人抢过两次',
  'the look into the records and the write are two commands: a double click passes between them; HSETNX or a script closes the gap':
    '查记录和写记录是两条命令，重复点击会从中间穿过；用 HSETNX 或脚本堵住这个空隙',
  once: '1 次',
  '{0} times': '{0} 次',
  '{0} told "sold" more than {1}: {2}': '{0}被告知“已抢到”超过 {1}：{2}',
  'the check "has this user bought?" and the record are two commands: a double click passes between them; HSETNX or a script closes the gap':
    '检查“是否已买过”和写记录是两条命令，重复点击会从中间穿过；用 HSETNX 或脚本堵住这个空隙',
  'nobody tried twice: use --duplicates 5%': '没有人抢过两次：请用 --duplicates 5%',
  '{0} got answers that no rule understands: {1}': '{0}得到的应答没有规则能识别：{1}',
  'nobody was told "sold" too often': '没有人被告知“已抢到”的次数过多',
  '{0} cannot be read': '{0}读不懂',
  '{0}: {1} has {2} ({3})': '{0}：{1} 的值是 {2}（{3}）',
  'a record must be the quantity as a decimal string; a serializer that adds a type or quotes is the usual cause':
    '记录必须是十进制字符串表示的数量；通常是序列化器加了类型或引号',
  '{0} a quantity {1}: {2}': '{0}持有的数量{1}：{2}',
  'outside 1..{0}': '不在 1..{0} 之内',
  'below 1': '小于 1',
  'check the quantity before anything else, and add up what the user already has in the same script':
    '先检查数量，并在同一个脚本里加上用户已有的数量',
  'nothing is recorded': '没有任何记录',
  'every record is {0}; no limit is stated: --limit': '每条记录都是 {0}；没有声明限购数：--limit',
  'every record is a quantity in 1..{0}': '每条记录的数量都在 1..{0} 之内',
  '{0}; nobody asked for so much, at once or in all': '{0}；没有人单次或累计请求过这么多',
  'a whole number of at least 1': '不小于 1 的整数',

  // Did anybody buy, and when
  '{0} succeeded': '成功 {0}',
  'at least 1': '至少 1',
  'some attempts may have bought, and the records that would tell are not readable':
    '有些抢购可能已经买到，但能证明的记录读不到',
  'there was no stock at the start': '开始时没有库存',
  'nobody asked for as little as the {0} in stock': '没有人请求的数量少到不超过库存的 {0}',
  'nobody bought anything, though {0} stood ready and {1} refused': '库存有 {0}，{1}被拒绝，没有人买到',
  '{0} fitting attempt was': '{0} 次数量合适的抢购',
  'a reply of 0 read as failure, a Lua truth test on 0, or wrong keys: try one purchase alone':
    '把返回值 0 当作失败、在 Lua 里把 0 当作假，或者键写错了：先单独买一次试试',
  'nobody bought anything, and no answer says why: {0}': '没有人买到，也没有应答说明原因：{0}',
  'no definite answer came: see the unmatched answers of the blast, or raise the limiter':
    '没有得到明确的应答：看看 blast 里没有匹配规则的应答，或者放宽限流',
  'there were no attempts': '没有任何抢购',
  '{0} (these may have bought)': '{0}（可能已经买到）',
  'the sale declares neither start nor end': '这场秒杀没有声明开始和结束时间',
  '{0} before {1}': '{1} 之前，{0}',
  '{0} after {1}': '{1} 之后，{0}',
  '{0} before {1} or after {2}': '{1} 之前或 {2} 之后，{0}',
  '{0} tried': '{0}抢购过',
  'nobody tried': '没有人抢购',
  '{0}, and no answer says whether they got it: {1}': '{0}，没有应答说明他们是否买到：{1}',
  '{0} buyer': '{0} 位买家',
  'nobody was told "queued"': '没有人被告知“排队中”',
  'accepted, decided "sold", and not recorded: {0}': '已受理、判为“已抢到”，却没有记录：{0}',
  'accepted, refused in the end, and recorded nevertheless: {0}': '已受理、最后被拒，却有记录：{0}',
  '{0} given up: {1}': '{0}被放弃：{1}',
  '{0} job was': '{0} 个任务',
  'a worker has to record an order and decide it in one step, and a job that fails has to give back what was reserved':
    '消费者应当一步完成入账与判定；失败的任务应当退还已预留的库存',
  'each of {0} who waited was decided as it is recorded': '{0}排队的结果都与记录一致',
  'what {0} who waited came to was not heard, {1} of them are recorded: {2}':
    '{0}排队的结果没有听到，其中 {1} 位有记录：{2}',
  'follow queued attempts with blast --poll, or longer with --poll-timeout':
    '请用 blast --poll 跟踪排队的请求，或用 --poll-timeout 跟踪更久',

  // Orders of our own queue
  'no order went through the sale’s own queue': '没有订单经过这场秒杀自带的队列',
  'the queue cannot be read: {0}': '读不到队列：{0}',
  'orders that cannot be read: {0}': '这些订单读不懂：{0}',
  'no order of the queue was sold': '队列里没有卖出任何订单',
  'each of {0} is sold once, and recorded as it was sold': '{0}各售出一次，入账与售出一致',
  '{0} queued order': '{0} 个排队订单',
  '{0} reserved for orders that no job knows, and not recorded: {1}':
    '为订单预占了 {0}，却没有对应的任务，也没有入账：{1}',
  '{0} reserved for orders whose jobs were given up, and not recorded: {1}':
    '为订单预占了 {0}，任务却被放弃，也没有入账：{1}',
  '{0} sold by jobs and not recorded: {1}': '任务售出了 {0}，却没有入账：{1}',
  'sold by more jobs than a user may have orders: {0}': '售出这些用户订单的任务多于限购的订单数：{0}',
  'recorded with other units than were reserved or sold: {0}': '入账件数与预占或售出的件数不符：{0}',
  'sold by a job, though nothing was reserved: {0}': '任务售出了，却没有预占：{0}',
  'reserved and recorded, though no job sold it: {0}': '已预占并入账，却没有任务售出：{0}',
  'a process died between taking the units and enqueuing the order: write the order down in the script that takes them, as queue does':
    '进程在扣减库存之后、订单入队之前退出了：像 queue 那样，在扣减库存的同一个脚本里写下订单',
  'a job that fails for good has to give back what was reserved; its reason: seckill status --json':
    '彻底失败的任务必须退回预占的库存；失败原因见 seckill status --json',
  'the job was called done before its record was written, or the record was lost: record first, then finish the job':
    '任务在入账之前就标记完成，或者记录丢了：先入账，再完成任务',
  'two workers decided orders of one user at once, each by what it saw before: decide and record in one script':
    '两个 worker 同时处理同一用户的订单，各按之前看到的数据判断：把判断和入账放进同一个脚本',
  'somebody beside the workers wrote or removed claims, jobs or records': 'worker 以外的人写过或删过预占、任务或记录',
  '{0}, and nothing was sold then': '{0}，但没有卖出',
  'the shop compares with a clock that runs differently, or checks the time only in the browser: let the script that sells compare with TIME of Redis':
    '商店比对的时钟走得不一样，或者只在浏览器里检查时间：让负责卖货的脚本用 Redis 的 TIME 比对',
}
