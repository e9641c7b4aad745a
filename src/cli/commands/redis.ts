import { EXIT, usageError } from '../../errors.js'
import { whole } from '../options.js'
import { defineCommand } from '../spec.js'

interface RedisCommandOptions {
  readonly port?: number
}

export const redis = defineCommand<RedisCommandOptions>({
  examples: ['seckill redis start', 'seckill redis start --port 6390', 'seckill redis stop'],
  configure: (command) => {
    command.option(
      '--port <n>',
      'port on 127.0.0.1 (default: the last one used here, else a free one)',
      whole(1, 65_535),
    )
  },
  run: async (context, { port }, [action]) => {
    const { cwd, env } = context.io
    const { startFolderRedis, stopFolderRedis } = await import('../../redis/folder-server.js')
    if (action === 'start') {
      const server = await startFolderRedis({ cwd, env, ...(port === undefined ? {} : { port }) })
      context.print(
        `${server.alreadyRunning ? 'already running' : 'started'}: ${server.url} (process ${server.pid}); commands in this folder use it`,
      )
      return { json: { ...server }, exitCode: EXIT.ok }
    }
    if (action === 'stop') {
      const result = await stopFolderRedis({ cwd })
      context.print(result.stopped ? `stopped process ${result.pid}` : 'there was none to stop')
      return { json: { stopped: result.stopped, pid: result.pid ?? null }, exitCode: EXIT.ok }
    }
    throw usageError(`no action ${JSON.stringify(action)}`, 'seckill redis start, or: seckill redis stop')
  },
})
