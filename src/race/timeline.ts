import { count, say, word } from '../language/say.js'
import { columns, padEnd, padStart } from '../language/width.js'
import { RedisFailure, type Reply } from '../redis/port.js'
import { INVARIANTS, type InvariantId } from '../sale/invariant.js'
import { type Event, isUnit, type Step } from './events.js'
import { ANOMALIES, type RaceRule } from './judge.js'
import type { Counterexample } from './race.js'
import { officeNames, replayText, type Setting, settingFlags } from './setting.js'

/** One row of a timeline: what was done in which lane (null: by nobody), and the stock after it. */
export interface TimelineRow {
  readonly lane: number | null
  readonly command: string
  readonly reply: string
  /** What the buyer was told with it, or what became of an order; null where things go on. */
  readonly told: string | null
  readonly stock: number | null
}

/** Names of the lanes, with the units that each asks for. */
export const lanesOf = ({ setting }: Counterexample): string[] => [
  ...namesOf(setting).map((name, i) => {
    const quantity = setting.buyers[i]?.quantity
    return say`${name}: ${count(quantity ?? 0, 'unit')}`
  }),
  ...officeNames(setting),
]

const namesOf = ({ buyers }: Setting): string[] =>
  buyers.map(({ user }, i) => {
    const twins = buyers.flatMap((other, k) => (other.user === user ? [k] : []))
    return twins.length > 1 ? `${user} (${twins.indexOf(i) + 1})` : user
  })

/** Whose step it is, by name: the buyers, the expiry, the back office. */
export const actorNames = (setting: Setting): string[] => [...namesOf(setting), 'expiry', ...officeNames(setting)]

/** The steps as rows; an expiry that found nothing to expire is left out. */
export const rowsOf = ({ setting, execution }: Counterexample): TimelineRow[] =>
  execution.steps.filter(happened).map((step) => ({
    lane: step.event.kind === 'expire' || step.event.kind === 'die' ? null : laneOf(step.actor, setting),
    command: step.event.kind === 'die' ? deathText(step, setting) : eventText(step.event),
    reply: isUnit(step.event) ? replyOf(step.reply) : '',
    told: toldBy(step, setting, execution),
    stock: step.stock,
  }))

/** The expiry has a number and no lane. */
const laneOf = (actor: number, { buyers }: Setting): number => (actor < buyers.length ? actor : actor - 1)

const deathText = ({ actor }: Step, setting: Setting): string => {
  const name = actorNames(setting)[actor]
  if (actor < setting.buyers.length) return say`the shop process of ${name} dies, ${name} gets no answer`
  return name === 'relay' ? say`the relay dies and is started again` : say`${name} dies, its order is handed over again`
}

const toldBy = (
  { event, actor, last, decided }: Step,
  { buyers }: Setting,
  { ending }: Counterexample['execution'],
) => {
  if (decided !== undefined) return say`${decided.ticket} is ${word(decided.outcome)}`
  const told = last && event.kind !== 'die' && actor < buyers.length ? ending?.outcomes[actor] : null
  return told ? say`told: ${word(told)}` : null
}

const happened = ({ event, reply }: Step): boolean => event.kind !== 'expire' || Number(reply) > 0

/** The order as `--replay` takes it. */
export const replayOf = ({ setting, execution }: Counterexample): string => {
  const { steps } = execution
  const end = steps.findLastIndex(happened)
  return replayText(steps.slice(0, end + 1), setting)
}

/** The flags that make this order again, behind `seckill race --strategy NAME`. */
export const replayFlags = (counterexample: Counterexample): string => {
  const expiry = counterexample.execution.steps.some(({ event }) => event.kind === 'expire') ? ' --lock-expiry' : ''
  return `${settingFlags(counterexample.setting)}${expiry} --replay ${replayOf(counterexample)}`
}

/** A rule with its name in Chinese, where it has one. */
export const ruleText = (rule: RaceRule): string =>
  `${rule} ${rule in ANOMALIES ? ANOMALIES[rule as keyof typeof ANOMALIES] : INVARIANTS[rule as InvariantId]}`

/** The order of commands that breaks the rules, a lane for each buyer, for people. `command` is what makes it again. */
export const timelineText = (counterexample: Counterexample, command: string): string => {
  const { setting, execution, violations } = counterexample
  const rows = rowsOf(counterexample)
  const lanes = lanesOf(counterexample)
  const cells = rows.flatMap(({ lane, command, reply, told, stock }, i) => {
    const did = {
      lane,
      text: reply === '' ? command : `${command} → ${reply}`,
      number: String(i + 1),
      stock: String(stock ?? '?'),
    }
    return told === null ? [did] : [did, { lane, text: told, number: '', stock: '' }]
  })
  const widths = lanes.map((name, lane) =>
    Math.max(...[name, ...cells.filter((cell) => cell.lane === lane).map(({ text }) => text)].map(columns)),
  )
  const line = (number: string, inLanes: readonly string[], stock: string) =>
    `${number.padStart(3)}  ${inLanes.map((text, lane) => padEnd(text, widths[lane] as number)).join('  ')}  ${padStart(stock, 5)}`.trimEnd()
  const body = cells.map(({ lane, text, number, stock }) =>
    lane === null
      ? `${number.padStart(3)}  ${padEnd(
          `── ${text} `,
          widths.reduce((sum, width) => sum + width + 2, -2),
          '─',
        )}  ${stock.padStart(5)}`
      : line(
          number,
          lanes.map((_, i) => (i === lane ? text : '')),
          stock,
        ),
  )
  const told = violations.map(({ rule, message }) => say`${ruleText(rule)}: ${message}`)
  const why = [...new Set(violations.flatMap(({ hint }) => hint ?? []))].map((hint) => say`why: ${hint}`)
  const table =
    rows.length === 0
      ? []
      : [
          line('', lanes, say`stock`),
          line(
            '0',
            lanes.map(() => ''),
            String(setting.stock),
          ),
          ...body,
        ]
  const again = rows.length === 0 ? [] : [say`again (${count(execution.preemptions, 'preemption')}): ${command}`]
  return [...table, ...told, ...why, ...again].join('\n')
}

/** A step in words. */
export const eventText = (event: Event): string => {
  switch (event.kind) {
    case 'command':
      return [event.name, ...event.args].join(' ')
    case 'script':
      return `script ${event.script.name} ${[...event.keys, ...event.args].join(' ')}`
    case 'transaction':
      return `MULTI ${event.commands.map(eventText).join('; ')} EXEC`
    case 'sleep':
      return say`pauses ${event.ms} ms`
    case 'request':
      return say`sends its request`
    case 'expire':
      return say`the lock expires`
    case 'die':
      return say`dies`
  }
}

/** A reply in words. */
export const replyOf = (reply: Reply | RedisFailure): string => {
  if (reply instanceof RedisFailure) return reply.message
  if (reply === null) return 'nil'
  return typeof reply === 'object' ? `[${reply.map(replyOf).join(', ')}]` : String(reply)
}
