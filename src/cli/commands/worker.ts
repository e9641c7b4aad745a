import { EXIT, usageError } from '../../errors.js'
import { count, say } from '../../language/say.js'
import type { RedisClient } from '../../redis/client.js'
import { systemClock } from '../../sale/clock.js'
import { ofSale, type Sale } from '../../sale/sale.js'
import { Decided, startBackOffice } from '../back-office.js'
import type { CommandResult, Context } from '../context.js'
import { thousands } from '../numbers.js'
import { whole } from '../options.js'
import { progressOn } from '../progress.js'
import { findSale, openSaleFile } from '../sale.js'
import { withRedis } from '../session.js'
import { defineCommand } from '../spec.js'

interface WorkerOptions {
  readonly concurrency: number
  readonly untilIdle?: boolean
}

const LOOK_MS = 100

export const worker = defineCommand<WorkerOptions>({
  examples: ['seckill worker', 'seckill worker --concurrency 8', 'seckill worker --until-idle --json'],
  configure: (command) => {
    command
      .option('--concurrency <n>', 'orders decided at the same time', whole(1, 1_000), 1)
      .option('--until-idle', 'stop once no order waits')
  },
  run: async (context, options) => {
    const file = await openSaleFile(context)
    return withRedis(context, { writes: true }, async (client) => {
      const sale = await findSale(context, client.redis, {}, file, 'counter')
      if (sale.layout !== 'counter') {
        throw usageError(
          say`sale ${sale.id} has layout ${sale.layout}, but orders are decided on layout counter`,
          `seckill init --layout counter --stock ${sale.initial}${ofSale(sale)}`,
        )
      }
      if (context.options.dryRun) {
        context.print(say`would decide orders of sale ${sale.id} on redis ${client.label}`)
        return { json: { sale: sale.id, dryRun: true }, exitCode: EXIT.ok }
      }
      return work(context, client, sale, options)
    })
  },
})

const work = async (
  context: Context,
  client: RedisClient,
  sale: Sale,
  { concurrency, untilIdle = false }: WorkerOptions,
): Promise<CommandResult> => {
  const decided = new Decided(context)
  const office = await startBackOffice(context, client.target, sale, concurrency, decided)
  context.note(say`deciding orders of sale ${sale.id}, ${concurrency} at a time; Ctrl-C stops`)
  const progress = await progressOn(context)
  let looks = 0
  while (!context.interrupted.aborted && !(untilIdle && looks >= 2)) {
    looks = untilIdle && (await isIdle(client, sale)) ? looks + 1 : 0
    progress.show(() => say`${thousands(decided.orders)} decided`)
    await systemClock.sleep(LOOK_MS, context.interrupted).catch(() => {})
  }
  progress.clear()
  await office.close()
  const { orders, outcomes, givenUp } = decided
  const parts = Object.entries(outcomes).map(([outcome, n]) => `${outcome} ${thousands(n)}`)
  const failed = givenUp === 0 ? [] : [say`given up ${thousands(givenUp)}`]
  const list = [...parts, ...failed].join(', ')
  context.print(say`${count(orders, 'queued order')} decided${list === '' ? '' : `: ${list}`}`)
  return { json: { sale: sale.id, decided: orders, outcomes, givenUp }, exitCode: EXIT.ok }
}

/** Whether no order waits for relay or worker. A Redis that does not answer says nothing. */
const isIdle = async ({ redis }: RedisClient, { keys }: Sale): Promise<boolean> => {
  const { readOwnQueue } = await import('../../store/own-queue.js')
  const it = await readOwnQueue(redis, keys).catch(() => null)
  return it !== null && it.unrelayed + it.waiting + it.active === 0
}
