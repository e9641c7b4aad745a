import { EXIT, usageError } from '../../errors.js'
import { say } from '../../language/say.js'
import type { CommandResult, Context } from '../context.js'
import { whole } from '../options.js'
import { defineCommand } from '../spec.js'

interface RedisCommandOptions {
  readonly port?: number
}

type Action = (context: Context, port: number | undefined) => Promise<CommandResult>

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
    if (action === 'start') return (context.options.dryRun ? foretellStart : start)(context, port)
    if (action === 'stop') return (context.options.dryRun ? foretellStop : stop)(context, port)
    throw usageError(say`no action ${JSON.stringify(action)}`, say`seckill redis start, or: seckill redis stop`)
  },
})

const start: Action = async (context, port) => {
  const { cwd, env } = context.io
  const { startFolderRedis } = await import('../../redis/folder-server.js')
  const server = await startFolderRedis({ cwd, env, port })
  context.print(
    server.alreadyRunning
      ? say`already running: ${server.url} (process ${server.pid}); commands in this folder use it`
      : say`started: ${server.url} (process ${server.pid}); commands in this folder use it`,
  )
  return { json: { ...server }, exitCode: EXIT.ok }
}

const stop: Action = async (context) => {
  const { stopFolderRedis } = await import('../../redis/folder-server.js')
  const { stopped, pid = null } = await stopFolderRedis({ cwd: context.io.cwd })
  context.print(stopped ? say`stopped process ${pid}` : say`there was none to stop`)
  return { json: { stopped, pid }, exitCode: EXIT.ok }
}

/** URL of the server that runs for this folder, or null: all that there is to know without touching anything. */
const runningUrl = async ({ io }: Context): Promise<string | null> =>
  (await import('../../redis/folder-server.js')).folderRedisUrl(io.cwd)

const foretellStart: Action = async (context, port) => {
  const url = await runningUrl(context)
  if (url === null) {
    const { requireRedisServer } = await import('../../redis/find-server.js')
    const { path } = requireRedisServer(context.io.env)
    context.print(
      port === undefined
        ? say`would start a Redis of this folder on a free port: ${path}`
        : say`would start a Redis of this folder on port ${port}: ${path}`,
    )
  } else context.print(say`already running: ${url}`)
  return { json: { running: url, dryRun: true }, exitCode: EXIT.ok }
}

const foretellStop: Action = async (context) => {
  const url = await runningUrl(context)
  context.print(url === null ? say`there is none to stop` : say`would stop ${url}`)
  return { json: { running: url, dryRun: true }, exitCode: EXIT.ok }
}
