import { type Asked, AskedFrom, fireAgain } from '../history/repeat.js'
import type { Run } from '../history/run.js'
import { ofSale, type Sale } from '../sale/sale.js'
import { shellWord } from '../sale/shell-word.js'
import { trySafely } from './finding.js'
import { firstOf, type Ledger } from './ledger.js'

/** The commands that make the same attempts at a sale like this one; null where no run fired any. The order is up to chance. */
export const reproduce = (sale: Sale, ledger: Ledger): string | null => {
  const run = firstOf(ledger.runs.filter(({ header }) => header.command !== 'buy'))
  if (run === undefined) return null
  const id = ofSale(sale)
  const stock = ` --stock ${Math.max(1, sale.initial)}${id}`
  const layout = sale.layout === 'custom' ? '' : ` --layout ${sale.layout}`
  const fire =
    run.header.command === 'simulate'
      ? fireAgain(run.header, asked(run), stock)
      : `seckill init${stock}${layout} && ${fireAgain(run.header, asked(run), id)}`
  return `${fire} && seckill audit${id}`
}

/** What was asked for, read back from the attempts. */
const asked = ({ attempts }: Run): Asked => {
  const from = new AskedFrom()
  for (let row = 0; row < attempts.length; row++) from.add(attempts, row)
  return from.asked()
}

/** The command that fires at the same shop once more, with other flags. */
export const fireWith = (sale: Sale, ledger: Ledger, flags = ''): string => {
  const target = firstOf(ledger.runs)?.header.target ?? ''
  const at = target.startsWith('strategy ') ? `simulate --strategy ${target.slice(9)}` : `blast ${shellWord(target)}`
  return `seckill ${at}${ofSale(sale)}${flags}`
}

/** The command that makes one purchase at the same shop. */
export const buyOnce = (sale: Sale, ledger: Ledger): string =>
  fireWith(sale, ledger).replace(/^seckill (simulate|blast)/, 'seckill buy')

/** The command that explores the orders which the runs did not meet. */
export const raceLike = (sale: Sale, ledger: Ledger): string => {
  const { target = '', strictSoldOut = false } = firstOf(ledger.runs)?.header ?? {}
  const ours = strictSoldOut ? /\/buy\/([a-z-]+)$/.exec(target)?.[1] : undefined
  if (target.startsWith('strategy ') || ours) return `seckill race --strategy ${ours ?? target.slice(9)}`
  if (!/^https?:/.test(target) || strictSoldOut) return trySafely(sale)
  const anywhere = target.replace(/^(https?:\/\/[^/:]+)(:\d+)?/, '$1:{port}')
  return `seckill race ${shellWord(anywhere)} --start COMMAND`
}
