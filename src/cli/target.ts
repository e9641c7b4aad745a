import type { Command } from 'commander'
import type { OutcomeRule } from '../history/outcome-rules.js'
import { PRESETS, presetRules } from '../history/presets.js'
import { chosenLanguage } from '../language/choose.js'
import { say } from '../language/say.js'
import type { FieldSpec } from '../load/fields.js'
import type { RequestTemplate, TargetSpec } from '../load/request.js'
import type { StartedTarget } from '../load/start-command.js'
import type { HttpSettings } from '../load/transports/http.js'
import type { RedisTarget } from '../redis/target.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Context } from './context.js'
import { durationMs, repeat } from './options.js'
import { addRequestOptions, type RequestOptions, requestSpecOf } from './request-options.js'
import { requireAllowed } from './session.js'

/** Flags that say what a purchase over HTTP looks like and where it goes. */
export interface TargetOptions extends RequestOptions, HttpSettings {
  readonly outcome?: string[]
  readonly preset?: string
  readonly timeout?: number
  readonly start?: string
  readonly ready?: string
}

const DEFAULT_URL = 'http://127.0.0.1:5000/seckill'
const DEFAULT_TIMEOUT_MS = 10_000

export const addTargetOptions = (command: Command): Command =>
  addRequestOptions(command)
    .option('--outcome <rule>', 'what an answer means: sold=json:$.code=0, sold_out=status:410 (repeatable)', repeat)
    .option('--preset <name>', `rules for a known shop: ${PRESETS.join(', ')}`)
    .option('--timeout <time>', 'longest wait for an answer (default: 10s)', durationMs)
    .option('--start <command>', 'start the server under test, wait for its port, stop it after')
    .option('--ready <url>', 'with --start: wait until this address answers')
    .option('--transport <name>', 'auto, socket or undici (default: auto)')
    .option('--http2', 'HTTP/2, over https')
    .option('--proxy <url>', 'send through an HTTP proxy')
    .option('--insecure', 'accept certificates that do not verify')
    .option('--local-address <ip>', 'send from this address of this machine, or several in turn')

/** A purchase endpoint, checked: every mistake in it was told before anything is fired. */
export interface Target {
  readonly spec: TargetSpec
  readonly request: RequestTemplate
  /** For messages: without credentials. */
  readonly display: string
  readonly rules: readonly OutcomeRule[]
  readonly timeoutMs: number
  readonly start: string | undefined
  readonly ready: string | undefined
}

const withPort = (text: string, port: number): string => text.replaceAll('{port}', String(port))

/** The target that argument, flags and sale file name; placeholders stand for `fields`. Errors: usage, remote_refused. */
export const targetOf = async (
  context: Context,
  url: string | undefined,
  options: TargetOptions,
  file: SaleFile | null,
  fields: FieldSpec,
): Promise<Target> => {
  const [{ compileRequest, displayUrl, parseTarget }, { parseOutcomeRule }, { isLoopbackHost }, { freePort }] =
    await Promise.all([
      import('../load/request.js'),
      import('../history/outcome-rules.js'),
      import('../redis/target.js'),
      import('../redis/server-process.js'),
    ])
  const { target } = file ?? {}
  const start = options.start ?? target?.start
  const written = url ?? target?.url ?? DEFAULT_URL
  const address = start !== undefined && written.includes('{port}') ? withPort(written, await freePort()) : written
  const spec: TargetSpec = { url: address, ...requestSpecOf(options, target) }
  const request = compileRequest(spec, fields)
  const { origin, hostname, path } = parseTarget(address, spec.path)
  const port = Number(new URL(origin).port || 80)
  const ready = options.ready ?? target?.ready
  const preset = options.preset ?? target?.preset
  if (!isLoopbackHost(hostname)) requireAllowed(context, [hostname], 'fire')
  return {
    spec,
    request,
    display: displayUrl(`${origin}${path}`),
    rules: [
      ...(options.outcome ?? []).map(parseOutcomeRule),
      ...(file?.outcomes ?? []),
      ...(preset === undefined ? [] : presetRules(preset)),
    ],
    timeoutMs: options.timeout ?? target?.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    start: start === undefined ? undefined : withPort(start, port),
    ready: ready === undefined ? undefined : withPort(ready, port),
  }
}

/** Runs `work` with the server under test up, where `--start` asks for one; it is stopped afterwards, whatever happens. */
export const withTarget = async <T>(
  context: Context,
  target: Target,
  redis: RedisTarget,
  sale: string,
  work: (started: StartedTarget | null) => Promise<T>,
): Promise<T> => {
  if (target.start === undefined) return work(null)
  const { startTarget } = await import('../load/start-command.js')
  const { origin } = target.request
  context.note(say`starting: ${target.start}`)
  const started = await startTarget({
    command: redis.kind === 'tcp' ? target.start.replaceAll('{redisPort}', String(redis.port)) : target.start,
    url: origin,
    ...(target.ready === undefined ? {} : { ready: target.ready }),
    env: { ...context.io.env, ...(await childEnv(redis, sale, new URL(origin).port)) },
    seckill: context.io.self,
    signal: context.interrupted,
  })
  try {
    return await work(started)
  } finally {
    await started.stop()
  }
}

/** What a server under test is told: the same Redis, the same sale, its port. */
export const childEnv = async (redis: RedisTarget, sale: string, port: string): Promise<Record<string, string>> => {
  const { toRedisUrl } = await import('../redis/target.js')
  const url = toRedisUrl(redis)
  return {
    SECKILL_REDIS: url,
    REDIS_URL: url,
    ...(redis.kind === 'tcp' ? { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port) } : {}),
    SECKILL_SALE: sale,
    SECKILL_LANG: chosenLanguage(),
    PORT: port,
  }
}
