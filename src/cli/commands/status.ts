import { EXIT } from '../../errors.js'
import { count, say } from '../../language/say.js'
import type { RedisClient } from '../../redis/client.js'
import type { Sale } from '../../sale/sale.js'
import type { CommandResult, Context } from '../context.js'
import { thousands } from '../numbers.js'
import { durationMs } from '../options.js'
import { readStatus, type Status } from '../read-status.js'
import { addSaleOptions, findSale, openSaleFile, type SaleOptions, stockUnits } from '../sale.js'
import { withRedis } from '../session.js'
import { defineCommand } from '../spec.js'

interface StatusOptions extends SaleOptions {
  readonly watch?: number | true
}

export const status = defineCommand<StatusOptions>({
  examples: ['seckill status', 'seckill status --watch 2s', 'seckill status --json'],
  configure: (command) => {
    command.option('--watch [interval]', 'again and again, every second or as told', durationMs)
    command.option('--stock <n>', 'units at the start, where init did not write them', stockUnits)
    addSaleOptions(command, 'what init wrote')
  },
  run: async (context, options) => {
    const file = await openSaleFile(context)
    return withRedis(context, { writes: false }, async (client) => {
      const sale = await findSale(context, client.redis, options, file)
      if (options.watch !== undefined)
        return watch(context, client, sale, options.watch === true ? 1_000 : options.watch)
      const json = await readStatus(client, sale)
      context.print(await render(context, json))
      return { json, exitCode: EXIT.ok }
    })
  },
})

const render = async (context: Context, it: Status): Promise<string> => {
  const { stdout } = await context.styles()
  const { tableOf } = await import('../style.js')
  const number = (n: number | null) => (n === null ? '?' : thousands(n))
  const size = (bytes: number | null) => (bytes === null ? '' : say`${thousands(bytes)} bytes`)
  // One sentence: sold is no outcome here.
  const [stock, sold, queue, lifetime] = say`stock/sold/queue/lifetime`.split('/') as [string, string, string, string]
  const rows = [
    [
      stock,
      say`${number(it.stock.remaining)} of ${number(it.stock.initial)} left`,
      it.keys.stock.key,
      size(it.keys.stock.bytes),
    ],
    [
      sold,
      say`${number(it.sold)} units to ${number(it.buyers)} users`,
      it.keys.records.key,
      size(it.keys.records.bytes),
    ],
    ...it.records
      .filter(({ key }) => key !== it.keys.records.key)
      .map(({ key, units, records }) => [
        sold,
        say`${thousands(units)} units in ${thousands(records)} records`,
        key,
        '',
      ]),
    ...it.queues.map(({ key, waiting }) => [queue, waiting ?? say`empty`, key, '']),
    ...(it.orders === null ? [] : [[say`orders`, ordersText(it.orders), it.orders.key, '']]),
    [lifetime, it.ttlSeconds === null ? say`no end` : say`${thousands(it.ttlSeconds)} s`, it.keys.stock.key, ''],
  ]
  const problems = it.problems.map((problem) => `\n${stdout.yellow(`! ${problem}`)}`).join('')
  return `${tableOf([say`sale ${it.sale}`, it.layout, say`key`, say`memory`], rows)}${problems}`
}

const ordersText = (it: NonNullable<Status['orders']>): string =>
  [
    say`${thousands(it.unrelayed + it.waiting)} waiting, ${thousands(it.active)} active`,
    say`${thousands(it.completed)} decided, ${thousands(it.failed)} failed`,
    ...(it.workers === null ? [] : [count(it.workers, 'worker')]),
  ].join('; ')

const watch = async (context: Context, client: RedisClient, sale: Sale, intervalMs: number): Promise<CommandResult> => {
  const { setTimeout: sleep } = await import('node:timers/promises')
  const { interrupted } = context
  let json: Status
  do {
    json = await readStatus(client, sale)
    if (context.json) context.document(json)
    else
      context.print(
        `${new Date().toTimeString().slice(0, 8)}  ${say`${json.stock.remaining ?? '?'} left, ${json.sold ?? '?'} sold to ${json.buyers ?? '?'} users`}`,
      )
    await sleep(intervalMs, undefined, { signal: interrupted }).catch(() => {})
  } while (!interrupted.aborted)
  return { json: null, exitCode: EXIT.ok }
}
