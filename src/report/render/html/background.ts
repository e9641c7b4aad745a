import { milliseconds, thousands } from '../../../language/numbers.js'
import { say } from '../../../language/say.js'
import type { RunSummary } from '../../summary.js'
import { el, type Html } from './element.js'
import { momentText } from './opening.js'
import { badge, command, facts, type Place, section } from './parts.js'

const MARKS = { valid: 'pass', suspect: 'inconclusive', invalid: 'fail' } as const

const verdictOf = (verdict: keyof typeof MARKS): string =>
  ({
    valid: () => say`the figures can be believed`,
    suspect: () => say`the figures are suspect`,
    invalid: () => say`the load was not what was asked for`,
  })[verdict]()

/** Whether what fired could keep up. */
export const generatorSection = ({ load }: RunSummary, place: Place): Html | null => {
  if (load === null) return null
  const { verdict, reasons, cpu, utilisation, eventLoopDelayP99Ms, sendLagP99Ms } = load.generator
  return section(
    place,
    'generator',
    say`The load generator`,
    el('p', {}, badge(MARKS[verdict], verdictOf(verdict))),
    ...reasons.map((reason) => el('p', {}, reason)),
    facts([
      [say`kind of load`, load.model],
      [say`planned`, thousands(load.planned)],
      ...(load.model === 'open'
        ? ([
            [say`late`, thousands(load.late)],
            [say`dropped`, thousands(load.dropped)],
          ] as [string, string][])
        : []),
      ...(load.burst === null
        ? []
        : ([[say`released within`, milliseconds(load.burst.releaseSpreadMs)]] as [string, string][])),
      [say`cores used`, String(cpu)],
      [say`busiest event loop`, `${Math.round(100 * utilisation)} %`],
      [say`event loop delay, p99`, milliseconds(eventLoopDelayP99Ms)],
      [say`send lag, p99`, milliseconds(sendLagP99Ms)],
    ]),
  )
}

/** What ran where, and how to make it again. */
export const environmentSection = (run: RunSummary, place: Place): Html => {
  const { environment, repeat, elapsedMs } = run
  const end = run.complete
    ? run.interrupted
      ? say`interrupted`
      : say`to its end`
    : say`no end: it crashed, or still goes on`
  const machine: [string, string][] =
    environment === null
      ? []
      : [
          ['seckill', environment.seckill],
          ['Node.js', environment.node],
          [say`machine`, say`${environment.platform}, ${environment.cores} cores`],
          ['Redis', [environment.server, environment.redis].filter(Boolean).join(', ') || say`none`],
        ]
  return section(
    place,
    'environment',
    say`Environment, and how to repeat it`,
    facts([
      [say`run`, run.runId],
      [say`target`, run.target],
      [say`began`, momentText(run.startedAt)],
      [say`lasted`, elapsedMs === null ? end : `${milliseconds(elapsedMs)}, ${end}`],
      [say`users`, thousands(run.asked.users)],
      [say`concurrency`, thousands(run.concurrency)],
      [say`seed`, String(run.seed)],
      ...machine,
    ]),
    repeat === null ? null : el('p', {}, say`The same attempts again, by the same users:`),
    repeat === null ? null : command(repeat),
  )
}
