import type { Sentences } from '../say.js'

/** What the queue and its workers say. */
export const QUEUE: Sentences = {
  'orders wait in a queue of BullMQ, which is not installed': '订单在 BullMQ 队列中等待，但没有安装 BullMQ',
  'npm install bullmq@6': '请运行 npm install bullmq@6',
  'the connection of the queue is closed': '队列的连接已关闭',
  'the order of {0} was given up: {1}': '{0} 的订单已放弃：{1}',
  'the worker tries again: {0}': 'worker 会重试：{0}',
  'sale {0} has layout {1}, but orders are decided on layout counter':
    '售卖 {0} 的布局是 {1}，而订单在 counter 布局上决定',
  'would decide orders of sale {0} on redis {1}': '将决定 redis {1} 上售卖 {0} 的订单',
  'deciding orders of sale {0}, {1} at a time; Ctrl-C stops': '正在决定售卖 {0} 的订单，同时 {1} 个；Ctrl-C 停止',
  '{0} decided': '已决定 {0}',
  '{0} decided{1}': '已决定 {0}{1}',
  orders: '订单',
  'given up {0}': '放弃 {0}',
  '{0} waiting, {1} active': '{0} 等待，{1} 处理中',
  '{0} decided, {1} failed': '{0} 已决定，{1} 失败',
  '{0} given up; the last: {1}': '{0}已放弃；最后一个：{1}',
  'ticket  {0}': '票据  {0}',
  '{0} attempts stayed undecided; seckill worker decides what waits still':
    '{0} 次尝试仍然未决；仍在等待的由 seckill worker 决定',
  'decided not yet: seckill worker decides it': '决定  尚未：由 seckill worker 决定',
  'decided {0} after {1}': '决定  {0}，用时 {1}',
  'no strategy {0} decides later': '没有延后决定的策略 {0}',
}
