import { EXIT, usageError } from '../../errors.js'
import { listed } from '../../language/lists.js'
import { say } from '../../language/say.js'
import { traceKeys } from '../../sale/keys.js'
import type { Context } from '../context.js'
import { addSaleOptions, findSale, openSaleFile, type SaleOptions, stockUnits } from '../sale.js'
import { withRedis } from '../session.js'
import { defineCommand } from '../spec.js'
import { removeOwnUserKeys } from '../user-keys.js'

export const reset = defineCommand<SaleOptions>({
  examples: ['seckill reset', 'seckill reset --sale b --yes'],
  configure: (command) => {
    command.option('--stock <n>', 'units at the start, where init did not write them', stockUnits)
    addSaleOptions(command, 'what init wrote')
  },
  run: async (context, options) => {
    const file = await openSaleFile(context)
    return withRedis(context, { writes: true }, async (client) => {
      const sale = await findSale(context, client.redis, options, file)
      if (sale.uuid === null && !context.options.force) {
        throw usageError(
          say`sale ${sale.id} was not written by seckill init`,
          say`nothing was removed; --force removes the keys that you described`,
        )
      }
      const { meta } = sale.keys
      const traces = traceKeys(sale.keys)
      const [{ clearPlaces, typedKeys }, { queueKeys, unlinkAll }] = await Promise.all([
        import('../../store/places.js'),
        import('../../store/queue-keys.js'),
      ])
      const jobs = await queueKeys(client.redis, sale.keys.jobs)
      const named = [...typedKeys(sale.places).keys()]
      const keys = [...named, meta, ...traces]
      const what = say`${listed(named)} and ${meta} of redis ${client.label}`
      const sure = context.options.dryRun || context.options.yes || (await confirmed(context, what))
      if (!sure)
        throw usageError(
          say`reset was not confirmed, nothing was removed`,
          context.io.canAsk ? undefined : say`use --yes`,
        )
      const removed: string[] = []
      for (const key of keys) if ((await client.redis.call('EXISTS', key)) === 1) removed.push(key)
      if (jobs.length > 0) removed.push(`${sale.keys.jobs}:*`)
      if (!context.options.dryRun) {
        for (const clear of clearPlaces(sale.places)) await client.redis.execute(clear)
        for (const unlink of unlinkAll([meta, ...traces, ...jobs])) await client.redis.execute(unlink)
        const userKeys = await removeOwnUserKeys(context, client.redis, sale)
        if (userKeys > 0) context.note(say`removed ${userKeys} keys of users of earlier runs`)
      }
      context.print(removal(listed(removed), context.options.dryRun === true))
      return {
        json: { sale: sale.id, removed, ...(context.options.dryRun ? { dryRun: true } : {}) },
        exitCode: EXIT.ok,
      }
    })
  },
})

const removal = (keys: string, foretold: boolean): string => {
  if (keys === '')
    return foretold ? say`would remove nothing: there was nothing` : say`removed nothing: there was nothing`
  return foretold ? say`would remove ${keys}` : say`removed ${keys}`
}

const confirmed = async ({ io }: Context, what: string): Promise<boolean> => {
  if (!io.canAsk) return false
  io.stderr.write(`${say`This removes ${what}.`}\n`)
  return /^y(es)?$/i.test((await io.ask(`${say`Remove them? [y/N]`} `)).trim())
}
