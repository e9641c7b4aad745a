import { type Mark, PARTS } from '../../doctor/check.js'
import { type Checked, type Diagnosis, examine } from '../../doctor/examine.js'
import { count, say } from '../../language/say.js'
import { LIMITS } from '../../sale/limits.js'
import type { SaleFile } from '../../sale-file/load.js'
import type { Context } from '../context.js'
import { gatherFacts } from '../doctor-facts.js'
import { whole } from '../options.js'
import { openSaleFile } from '../sale.js'
import { announce, resolveTarget } from '../session.js'
import { defineCommand } from '../spec.js'
import type { Style } from '../style.js'

interface DoctorOptions {
  readonly concurrency?: number
  readonly insecure?: boolean
}

const DEFAULT_CONCURRENCY = 100

export const doctor = defineCommand<DoctorOptions>({
  examples: [
    'seckill doctor',
    'seckill doctor http://127.0.0.1:5000/seckill --concurrency 5000',
    'seckill doctor --redis rediss://user@cache.example.com --json',
  ],
  configure: (command) => {
    command
      .option('--concurrency <n>', 'connections that a load is to hold (default: 100)', whole(...LIMITS.concurrency))
      .option('--insecure', 'accept certificates that do not verify')
  },
  run: async (context, options, [url]) => {
    const file = await openSaleFile(context)
    const redis = await resolveTarget(context)
    await announce(context, redis)
    const facts = await gatherFacts(context, {
      redis,
      url: url ?? urlOf(file),
      insecure: options.insecure === true,
      connections: options.concurrency ?? file?.load?.concurrency ?? DEFAULT_CONCURRENCY,
    })
    const diagnosis = examine(facts)
    await render(context, diagnosis)
    const { describeRedis } = await import('../../redis/target.js')
    const { verdict, checks, exitCode } = diagnosis
    const json = {
      ...{ verdict, redis: describeRedis(redis.target), target: facts.target?.display ?? null },
      checks: checks.map(({ id, about, mark, message, hint }) => ({ id, about, mark, message, hint })),
    }
    return { json, exitCode }
  },
})

/** The shop of the sale file; one that `start` brings up is not there yet. */
const urlOf = (file: SaleFile | null): string | null => {
  const { url, start } = file?.target ?? {}
  return url === undefined || start !== undefined ? null : url
}

const render = async (context: Context, { checks }: Diagnosis): Promise<void> => {
  const { stdout } = await context.styles()
  const width = Math.max(...checks.map(({ id }) => id.length))
  const titles = { redis: 'Redis', target: say`Shop`, machine: say`This machine` }
  for (const part of PARTS) {
    const its = checks.filter(({ about }) => about === part)
    if (its.length === 0) continue
    context.print(stdout.bold(titles[part]))
    for (const checked of its) context.print(lineOf(checked, width, stdout))
  }
  const of = (mark: Mark) => checks.filter((checked) => checked.mark === mark).length
  context.print(
    [
      say`${of('ok')} ok`,
      count(of('warn'), 'warning'),
      count(of('fail'), 'failure'),
      ...(of('unknown') > 0 ? [say`${of('unknown')} not told`] : []),
    ].join(say`, `),
  )
}

const lineOf = ({ id, mark, message, hint }: Checked, width: number, style: Style): string => {
  const found = hint === null ? message : say`${message}; ${hint}`
  return `  ${shownMark(mark, style)}  ${id.padEnd(width)}  ${found}`
}

/** In either language all are equally wide. */
const shownMark = (mark: Mark, style: Style): string =>
  ({
    ok: style.green(say`ok  `),
    warn: style.yellow(say`warn`),
    fail: style.red(say`fail`),
    unknown: style.dim(say`?   `),
  })[mark]
