import cluster from 'node:cluster'
import { type RunningServer, type ServeOptions, serveHere } from './listen.js'
import { servePrimary } from './primary.js'
import { serveWorker } from './worker.js'

export type { RunningServer, ServeOptions } from './listen.js'

/** True in a process that {@link startServer} forked: it must not print, and its primary stops it. */
export const isServerWorker = (): boolean => cluster.isWorker

/**
 * Starts the server; in a forked worker, that worker's share of it. Rejects with a SeckillError: port in use, host or port
 * not usable, or whatever `open` says. A worker's failure is reported by its primary.
 */
export const startServer = async (options: ServeOptions): Promise<RunningServer> => {
  if (cluster.isWorker) return serveWorker(options)
  if (options.workers > 1) return servePrimary(options)
  const running = await serveHere(options)
  options.onListening?.(running.url)
  return running
}
