import type { Command } from 'commander'
import type { Sale } from '../../sale/sale.js'
import type { SaleFile } from '../../sale-file/load.js'
import type { CommandResult, Context } from '../context.js'
import { whole } from '../options.js'
import { addSaleOptions, describedSale, openSaleFile, type SaleOptions, stockUnits, wholeSale } from '../sale.js'
import { seed } from '../seed.js'
import { withRedis } from '../session.js'
import { defineCommand } from '../spec.js'

export interface InitOptions extends SaleOptions {
  readonly ttl?: number
}

const MAX_TTL_S = 10 * 365 * 86_400

export const init = defineCommand<InitOptions>({
  examples: [
    'seckill init --stock 50',
    'seckill init --stock 1000 --layout counter --ttl 3600',
    'seckill init --stock 50 --sale b --hash-tag',
  ],
  configure: (command: Command) => {
    command.option('--stock <n>', 'units for sale, 1 to 10,000,000', stockUnits)
    addSaleOptions(command, 'list')
    command
      .option('--ttl <seconds>', 'lifetime of the stock key', whole(1, MAX_TTL_S))
      .option('--hash-tag', 'put the sale id in braces, so that all keys share a cluster slot')
  },
  run: async (context, options) => initWith(context, await openSaleFile(context), options),
})

/** Seeds the sale that flags and this sale file describe. */
export const initWith = async (
  context: Context,
  file: SaleFile | null,
  options: InitOptions,
): Promise<CommandResult> => {
  const described = describedSale(context, options, file)
  const { newSaleUuid } = await import('../../store/meta.js')
  const sale: Sale = { ...wholeSale(described), uuid: newSaleUuid(), ttlSeconds: options.ttl ?? null }
  return withRedis(context, { writes: true }, (client) => seed(context, client, sale))
}
