import { SeckillError } from '../../errors.js'

/** Something wrong with the orders themselves; `line` counts from 1, null where no line is to blame. */
export const ordersError = (name: string, line: number | null, message: string, hint?: string): SeckillError =>
  new SeckillError('orders', `${name}${line === null ? '' : `:${line}`}: ${message}`, hint)
