import type { Sentences } from '../say.js'

/** What the queue and its workers say. */
export const QUEUE: Sentences = {
  'orders wait in a queue of BullMQ, which is not installed': '订单在 BullMQ 队列中等待，但没有安装 BullMQ',
  'npm install bullmq@6': '请运行 npm install bullmq@6',
  'the connection of the queue is closed': '队列的连接已关闭',
  'no strategy {0} decides later': '没有延后决定的策略 {0}',
}
