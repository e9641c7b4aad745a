import { EXIT } from '../../errors.js'
import { say } from '../../language/say.js'
import type { TracedCommand } from '../../redis/trace.js'
import { monotonicUs } from '../../sale/clock.js'
import { milliseconds } from '../numbers.js'
import { whole } from '../options.js'
import { announce, requireAllowed, resolveTarget } from '../session.js'
import { defineCommand } from '../spec.js'

interface ProxyCommandOptions {
  readonly listen: number
  readonly log?: boolean
}

export const proxy = defineCommand<ProxyCommandOptions>({
  examples: ['seckill proxy --listen 6390 --log', 'REDIS_URL=redis://127.0.0.1:6390 flask run'],
  configure: (command) => {
    command
      .option('--listen <port>', 'port on 127.0.0.1 (0 picks a free one)', whole(0, 65_535), 6_390)
      .option('--log', 'a line for each command: its time, connection, reply, and how long Redis took')
  },
  run: async (context, { listen, log = false }) => {
    const [{ RedisProxy }, { tracing }, { listenError }, { describeRedis, hostsOf, isLoopbackHost }] =
      await Promise.all([
        import('../../redis/proxy.js'),
        import('../../redis/trace.js'),
        import('../../server/listen-error.js'),
        import('../../redis/target.js'),
      ])
    const resolved = await resolveTarget(context)
    const { target } = resolved
    requireAllowed(
      context,
      hostsOf(target).filter((host) => !isLoopbackHost(host)),
      'pass',
    )
    await announce(context, resolved)
    if (context.options.dryRun) {
      context.print(say`would listen on 127.0.0.1:${listen} for redis ${describeRedis(target)}`)
      return { json: { port: listen, dryRun: true }, exitCode: EXIT.ok }
    }
    const startUs = monotonicUs()
    const tell = (traced: TracedCommand) => {
      const { sentAtUs, elapsedUs, ...rest } = traced
      const at = sentAtUs - startUs
      if (context.json) context.document({ ...rest, sentAtMs: at / 1_000, elapsedMs: elapsedUs && elapsedUs / 1_000 })
      context.print(lineOf(traced, at))
    }
    const running = await RedisProxy.open(target, {
      port: listen,
      ...(log ? tracing(monotonicUs, tell) : {}),
      unseen: (connection, why) => context.note(say`connection ${connection} goes on unseen: ${why}`),
      upstreamFailed: (error) => context.warn(say`redis ${describeRedis(target)} cannot be reached: ${error.message}`),
    }).catch((error) => {
      throw listenError(error, '127.0.0.1', listen, process.platform, '--listen')
    })
    if (context.json) context.document({ port: running.port })
    context.print(say`listening on 127.0.0.1:${running.port}; Ctrl-C stops`)
    await new Promise<void>((resolve) => context.interrupted.addEventListener('abort', () => resolve(), { once: true }))
    await running.close()
    return { json: null, exitCode: EXIT.ok }
  },
})

const lineOf = ({ connection, command, reply, elapsedUs }: TracedCommand, atUs: number): string => {
  const at = (atUs / 1_000).toFixed(1).padStart(10)
  const took = elapsedUs === null ? say`no reply` : milliseconds(elapsedUs / 1_000)
  return [`${at} ms`, `#${connection}`, command, '→', reply ?? say`(nothing)`, took].join('  ')
}
