import { messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import type { RedisTarget } from '../redis/target.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Context } from './context.js'
import { runCommand } from './reset-command.js'
import { saleId } from './sale.js'
import { childEnv, type Target } from './target.js'

const LONGEST_MS = 30_000

/** Who puts the units on sale, where seckill does not. */
export interface Seeder {
  /** The shop, or somebody whom the sale file names. */
  readonly elsewhere: boolean
  /** The sale file with a number of units, where it leaves that to the shop. */
  assumed(): SaleFile | null
  /** Called once the shop is up. */
  once(target: Target, redis: RedisTarget): Promise<void>
  /** Units that were there before the first purchase, by the run log; undefined where the sale file says it. */
  found(runFile: string): Promise<number | undefined>
}

/** As `sale.seed` has it. Errors of `once`: seed_failed, with what the command or the shop said. */
export const seederOf = (context: Context, file: SaleFile | null): Seeder => {
  const seed = file?.sale?.seed ?? 'seckill'
  const stock = file?.sale?.stock
  const known = stock?.initial ?? stock?.capacity
  return {
    elsewhere: seed !== 'seckill',
    assumed: () => (file?.sale && seed !== 'seckill' && known === undefined ? withUnits(file, file.sale) : file),
    once: async (target, redis) => {
      if (typeof seed === 'string') return
      if ('command' in seed) {
        const env = {
          ...context.io.env,
          ...(await childEnv(redis, saleId(context, file), new URL(target.request.origin).port)),
        }
        const what = say`the sale file's seed`
        return runCommand({
          command: seed.command,
          what,
          env,
          longestMs: LONGEST_MS,
          signal: context.interrupted,
          code: 'start_failed',
        })
      }
      await send(context, target, seed.request)
    },
    found: async (runFile) => {
      if (known !== undefined) return undefined
      const { readRunHeader } = await import('../history/run-log-reader.js')
      return readRunHeader(runFile).atStart?.remaining ?? undefined
    },
  }
}

const withUnits = (file: SaleFile, sale: NonNullable<SaleFile['sale']>): SaleFile => ({
  ...file,
  sale: { ...sale, stock: { ...sale.stock, initial: 1 } },
})

type SeedRequest = Extract<NonNullable<NonNullable<SaleFile['sale']>['seed']>, { request: unknown }>['request']

const send = async (
  { interrupted }: Context,
  { request }: Target,
  { url, path = '/', method = 'POST', form, json, headers }: SeedRequest,
) => {
  const address = url ?? `${request.origin}${path}`
  const texts = (fields: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
  const body = json !== undefined ? JSON.stringify(json) : form === undefined ? null : new URLSearchParams(texts(form))
  const failed = (how: string, cause?: unknown) =>
    new SeckillError(
      'start_failed',
      say`the sale file's seed request got ${how}`,
      say`try it by itself: ${method} ${address.split('?')[0] as string}`,
      cause,
    )
  const answer = await fetch(address, {
    method,
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...texts(headers) },
    body,
    signal: AbortSignal.any([interrupted, AbortSignal.timeout(LONGEST_MS)]),
  }).catch((error: unknown) => {
    if (interrupted.aborted) throw new SeckillError('interrupted', say`interrupted while the stock was seeded`)
    throw failed(messageOf((error as { cause?: unknown }).cause ?? error), error)
  })
  if (!answer.ok) throw failed(String(answer.status))
  await answer.arrayBuffer()
}
