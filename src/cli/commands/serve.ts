import { EXIT } from '../../errors.js'
import { say } from '../../language/say.js'

import type { Sale } from '../../sale/sale.js'
import type { SaleFile } from '../../sale-file/load.js'
import { Decided, startBackOffice } from '../back-office.js'

import type { Context } from '../context.js'
import { whole } from '../options.js'
import { describedSale, openSaleFile } from '../sale.js'
import { announce, closing, openRedis, resolveTarget, withRedis } from '../session.js'
import { strategyContext, supports } from '../shop.js'
import { defineCommand } from '../spec.js'

interface ServeOptions {
  readonly host: string
  readonly port?: number
  readonly strategy: string
  readonly workers: number
  readonly withWorker?: boolean
}

const DEFAULT_PORT = 5000

/** The sale file, unless `--start` told this shop another sale than the file that happens to lie here. */
const ofThisShop = ({ io, options }: Context, file: SaleFile | null): SaleFile | null => {
  const told = options.file === undefined ? io.env.SECKILL_SALE : undefined
  return file && told !== undefined && told !== (file.sale?.id ?? told) ? { ...file, sale: undefined } : file
}

export const serve = defineCommand<ServeOptions>({
  examples: [
    'seckill serve',
    'seckill serve --port 0 --workers 2',
    'seckill serve --strategy list-lua',
    'seckill serve --with-worker',
  ],
  configure: (command) => {
    command
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .option('--port <n>', `port, 0 for a free one (default: PORT, else ${DEFAULT_PORT})`, whole(0, 65_535))
      .option('--strategy <name>', 'strategy behind /seckill', 'list-naive')
      .option('--workers <n>', 'processes', whole(1, 64), 1)
      .option('--with-worker', 'decide queued orders too, as seckill worker does')
  },
  run: async (context, options) => {
    const [
      { strategyNamed, STRATEGIES },
      { startServer, isServerWorker },
      { urlOf },
      { buildApp },
      { readMeta },
      { OrderQueues },
      { readOrderState },
    ] = await Promise.all([
      import('../../strategies/index.js'),
      import('../../server/serve.js'),
      import('../../server/listen.js'),
      import('../../server/app.js'),
      import('../../store/meta.js'),
      import('../../queue/orders.js'),
      import('../../queue/order-state.js'),
    ])
    strategyNamed(options.strategy)
    const file = ofThisShop(context, await openSaleFile(context))
    const { id, keys, perUser } = describedSale(context, {}, file)
    const envPort = context.io.env.PORT
    const port = options.port ?? (envPort ? whole(0, 65_535)(envPort) : DEFAULT_PORT)
    const what = say`(sale ${id}; POST /seckill by ${options.strategy})`
    if (context.options.dryRun) {
      const url = urlOf(options.host, port)
      return withRedis(context, { writes: true }, async ({ label }) => {
        const processes = options.workers === 1 ? say`one process` : say`${options.workers} processes`
        context.print(say`would listen on ${url} ${what} with ${processes}, on redis ${label}`)
        return { json: { url, sale: id, dryRun: true }, exitCode: EXIT.ok }
      })
    }
    if (options.workers > 1 && !isServerWorker()) await announce(context, await resolveTarget(context))
    const running = await startServer({
      host: options.host,
      port,
      workers: options.workers,
      open: async () => {
        const client = await openRedis(context, { writes: true, silent: options.workers > 1 })
        const readSale = async () => {
          const meta = await readMeta(client.redis, id)
          return meta ? { layout: meta.layout, limit: meta.perUser.units, keys: meta.keys } : null
        }
        const queues = new OrderQueues(client.target)
        const app = buildApp({
          strategies: STRATEGIES,
          defaultStrategy: options.strategy,
          context: strategyContext(client, { keys, perUser }),
          readSale,
          queueFor: (strategy, itsKeys) => queues.open(strategy, itsKeys),
          readOrder: async (ticket) => readOrderState(client.redis, (await readSale())?.keys ?? keys, ticket),
          supports: (command) => supports(client.redis, command),
          readStatus: async () => {
            const { findSale } = await import('../sale.js')
            const { readStatus } = await import('../read-status.js')
            return readStatus(client, await findSale(context, client.redis, {}, file))
          },
          onBug: (error) =>
            context.warn(say`a request failed: ${error instanceof Error ? error.message : String(error)}`),
        })
        return { app, close: () => Promise.all([queues.close(), client.close()]).then(() => {}) }
      },
      onListening: (url) => {
        if (context.json) context.document({ url, sale: id })
        context.print(say`listening on ${url} ${what}; Ctrl-C stops`)
      },
      onWorkerDied: (pid, why) => context.warn(say`worker ${pid} died (${why}); another one takes its place`),
    })
    const office = options.withWorker && !isServerWorker() ? await officeBeside(context, id, { keys, perUser }) : null
    if (!isServerWorker()) {
      context.interrupted.addEventListener('abort', () => void running.close())
      if (context.interrupted.aborted) void running.close()
    }
    await running.ended.finally(() => office?.close())
    return { json: null, exitCode: EXIT.ok }
  },
})

/** Relay and worker in the server's own process, for the sale as it was seeded, else under the server's own key names. */
const officeBeside = async (context: Context, id: string, otherwise: Pick<Sale, 'keys' | 'perUser'>) => {
  const { target } = await resolveTarget(context)
  const [{ connectRedis }, { readMeta }] = await Promise.all([
    import('../../redis/client.js'),
    import('../../store/meta.js'),
  ])
  const client = await connectRedis(target)
  const sale = await closing(client, () => readMeta(client.redis, id))
  return startBackOffice(context, target, sale ?? otherwise, 1, new Decided(context))
}
