import cluster, { type Worker } from 'node:cluster'
import { messageOf, SeckillError } from '../errors.js'
import { deferred } from './deferred.js'
import { type RunningServer, type ServeOptions, serveHere } from './listen.js'
import { type FromWorker, failedMessage, type ToWorker } from './worker-messages.js'

/**
 * One forked process of a server. It ends when its primary says so, and when its primary is gone, killed or crashed: Node
 * exits a cluster worker whose channel closes unexpectedly.
 */
export const serveWorker = async (options: ServeOptions): Promise<RunningServer> => {
  const self = cluster.worker as Worker
  const tell = (message: FromWorker) => self.send(message)
  const listening = deferred<RunningServer>()
  let running: RunningServer | undefined
  const close = async () => {
    await running?.close()
    self.kill()
  }
  const listen = async (port: number) => {
    try {
      running = await serveHere({ ...options, port })
    } catch (error) {
      const known = error instanceof SeckillError ? error : new SeckillError('unexpected', messageOf(error))
      // The primary reports it; `listening` stays open until this process is gone.
      tell(failedMessage(known))
      self.kill()
      return
    }
    tell({ seckill: 'listening' })
    listening.resolve({ ...running, close })
  }
  self.on('message', (message: ToWorker) => {
    if (message.seckill === 'listen') void listen(message.port)
    if (message.seckill === 'stop') void close()
  })
  tell({ seckill: 'hello' })
  return listening.promise
}
