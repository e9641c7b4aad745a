// What BullMQ alone does: adds jobs 500 at a time and works them off meanwhile, doing nothing for each. See bench/queue.mjs.
import { Queue, Worker } from 'bullmq'

const [url, prefix, jobs, concurrency] = process.argv.slice(2)
const place = { connection: { url, maxRetriesPerRequest: null }, prefix, skipVersionCheck: true }
const queue = new Queue('orders', place)
let done = 0
const finished = new Promise((resolve) => {
  const worker = new Worker('orders', async () => 'sold', { ...place, concurrency: Number(concurrency) })
  worker.on('completed', async () => {
    if (++done < Number(jobs)) return
    await worker.close()
    resolve()
  })
})
const BATCH = 500
for (let first = 0; first < Number(jobs); first += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, jobs - first) }, (_, i) => ({
    name: 'queue',
    data: { user: `u${first + i}`, quantity: 1 },
    opts: { jobId: `order-u${first + i}`, attempts: 3, backoff: { type: 'exponential', delay: 500 } },
  }))
  await queue.addBulk(batch)
}
await finished
await queue.close()
