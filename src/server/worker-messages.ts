import { type ErrorCode, SeckillError } from '../errors.js'

/** What a worker tells its primary: it is ready for orders, it listens, it cannot serve. */
export type FromWorker =
  | { readonly seckill: 'hello' }
  | { readonly seckill: 'listening' }
  | {
      readonly seckill: 'failed'
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string | undefined
    }

/** What the primary orders. */
export type ToWorker = { readonly seckill: 'listen'; readonly port: number } | { readonly seckill: 'stop' }

export const failedMessage = (error: SeckillError): FromWorker => ({
  seckill: 'failed',
  code: error.code,
  message: error.message,
  hint: error.hint,
})

export const failureIn = (message: Extract<FromWorker, { seckill: 'failed' }>): SeckillError =>
  new SeckillError(message.code, message.message, message.hint)
