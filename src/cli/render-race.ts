import { EXIT } from '../errors.js'
import { neverSoldText, spinsText } from '../race/bounds.js'
import type { Counterexample, RacePlan, RaceResult, SettingResult } from '../race/race.js'
import { describeSetting } from '../race/setting.js'
import { actorNames, eventText, replayFlags, replayOf, replyOf, ruleText, timelineText } from '../race/timeline.js'
import type { Context } from './context.js'
import { milliseconds, thousands } from './numbers.js'

/** 0 only where every order of the settings was explored, within the bound that was asked for. */
export const exitCodeOfRace = ({ verdict }: Pick<RaceResult, 'verdict'>): number =>
  verdict === 'fail' ? EXIT.violated : verdict === 'pass' ? EXIT.ok : EXIT.inconclusive

/** What raced. */
export interface RaceSubject {
  readonly name: string
  /** The command that makes an order again, by its flags. */
  again(flags: string): string
  /** What stands for a process of the shop. */
  readonly deployment: string
}

export const strategySubject = (name: string): RaceSubject => ({
  name,
  again: (flags) => `seckill race --strategy ${name} ${flags}`,
  deployment: 'a process for each purchase',
})

/** What the documents of `race --json` have in common. */
export const raceJson = (plan: RacePlan, result: RaceResult, { deployment }: RaceSubject) => ({
  racedAt: new Date().toISOString(),
  verdict: result.verdict,
  exhaustive: result.exhaustive,
  schedules: result.schedules,
  total: result.exhaustive ? result.schedules : null,
  orders: ordersIn(result),
  blocked: result.blocked,
  firstViolationAt: result.firstAt,
  firstViolationMs: result.firstAtMs && Math.round(result.firstAtMs),
  explorer: plan.replay === null ? plan.explorer : 'replay',
  reduction: plan.explorer === 'dpor' ? plan.reduction : 'none',
  symmetry: plan.explorer === 'dpor' && plan.symmetry,
  realTime: plan.realTime,
  maxPreemptions: plan.maxPreemptions,
  crash: plan.crash,
  seed: plan.seed,
  settings: result.settings.map(({ setting, schedules, orders, exhausted, broken }) => ({
    ...settingJson(setting),
    ...{ schedules, orders, exhausted, broken },
    verdict: broken.length > 0 ? 'fail' : exhausted && !result.neverSold ? 'pass' : 'inconclusive',
  })),
  elapsedMs: Math.round(result.elapsedMs),
  stopped: result.stopped,
  neverSold: result.neverSold,
  deployment,
  violations: result.counterexamples.flatMap((example) => violationsJson(example)),
})

const settingJson = ({ buyers, stock, office }: SettingResult['setting']) => ({
  users: buyers.map(({ user }) => user),
  quantities: buyers.map(({ quantity }) => quantity),
  stock,
  workers: office?.workers ?? 0,
})

const violationsJson = (example: Counterexample) => {
  const { setting, execution, violations } = example
  const names = actorNames(setting)
  const steps = execution.steps.map(({ actor, event, reply, stock }) => ({
    user: setting.buyers[actor]?.user ?? null,
    buyer: actor < setting.buyers.length ? actor + 1 : null,
    by: names[actor] ?? '',
    ...{ command: eventText(event), reply: replyOf(reply), stock },
  }))
  return violations.map(({ rule, message, hint }) => ({
    ...{ invariant: rule, message, hint, setting: settingJson(setting), steps },
    ...{ outcomes: execution.ending?.outcomes ?? [], preemptions: execution.preemptions },
    ...{ replay: replayOf(example), flags: replayFlags(example) },
  }))
}

const ordersIn = ({ settings }: RaceResult): number | null =>
  settings.reduce<number | null>((sum, { orders }) => (sum === null || orders === null ? null : sum + orders), 0)

/** The verdict, the settings, the timelines, and what all that proves. */
export const renderRace = async (
  context: Context,
  plan: RacePlan,
  result: RaceResult,
  subject: RaceSubject,
): Promise<string> => {
  const { stdout: style } = await context.styles()
  const { tableOf } = await import('./style.js')
  const color = { pass: style.green, fail: style.red, inconclusive: style.yellow }[result.verdict]
  const word = result.verdict === 'fail' ? 'FAIL' : result.verdict
  const counted = result.settings.some(({ orders }) => orders !== null)
  const rows = result.settings.map(({ setting, schedules, orders, exhausted, broken }) => [
    describeSetting(setting),
    thousands(schedules) + (exhausted ? '' : ' …'),
    ...(counted ? [orders === null ? '' : thousands(orders)] : []),
    broken.map(ruleText).join('\n') || (exhausted ? 'none breaks a rule' : 'none so far'),
  ])
  const head = ['buyers', 'executions', ...(counted ? ['orders'] : []), 'broken']
  const table = tableOf(head, rows, { numbers: counted ? [1, 2] : [1] })
  const timelines = result.counterexamples.map(
    (example) => `\n${timelineText(example, subject.again(replayFlags(example)))}`,
  )
  return [
    `${style.bold(color(word))}  ${headline(plan, result, subject.name)}`,
    table,
    ...timelines,
    '',
    proved(plan, result, subject),
  ].join('\n')
}

const headline = (plan: RacePlan, result: RaceResult, strategy: string): string => {
  const { verdict, schedules, firstAt, firstAtMs, elapsedMs } = result
  const made = `${thousands(schedules)} ${schedules === 1 ? 'execution' : 'executions'} in ${milliseconds(elapsedMs)}`
  if (verdict === 'fail')
    return `${strategy}: an order of commands breaks it, found in execution ${firstAt} after ${milliseconds(firstAtMs ?? 0)}`
  if (plan.replay !== null) return `${strategy}: this order breaks no rule`
  if (result.neverSold && result.exhaustive) return `${strategy}: ${neverSoldText()} (${made})`
  const orders = plan.maxPreemptions === null ? ordersIn(result) : null
  if (verdict === 'pass')
    return `${strategy}: no order breaks a rule (${orders === null ? '' : `all ${thousands(orders)} of them, by `}${made})`
  return `${strategy}: none of ${made} breaks a rule; there are more`
}

/** What was explored, and what that leaves open. */
const proved = (plan: RacePlan, result: RaceResult, { deployment }: RaceSubject): string => {
  const { explorer, reduction, symmetry, realTime, maxPreemptions, seed } = plan
  const how =
    plan.replay !== null
      ? 'one order, replayed'
      : explorer === 'dpor'
        ? `one execution for each class of equivalent orders: ${reduction === 'none' ? 'no' : reduction}-level independence, ${symmetry ? '' : 'no '}user symmetry, ${realTime ? 'with' : 'without'} real-time order`
        : explorer === 'exhaustive'
          ? `full search${maxPreemptions === null ? '' : `, at most ${maxPreemptions} ${maxPreemptions === 1 ? 'preemption' : 'preemptions'}`}`
          : `${explorer} walk, seed ${seed}`
  const end =
    result.stopped === 'budget'
      ? `the budget of ${milliseconds(plan.budgetMs)} was over first`
      : result.stopped === 'interrupted'
        ? 'interrupted'
        : result.stopped === 'steps'
          ? spinsText()
          : result.exhaustive
            ? 'explored to the end'
            : plan.replay === null && result.verdict === 'fail'
              ? 'stopped at the first violation (--keep-going goes on)'
              : 'not exhaustive'
  const deaths =
    plan.crash && plan.replay === null ? '; at most one process dies, at any place between two of its commands' : ''
  return `${how}${deaths}; ${end}. There is ${deployment}; other stores, caches and the length of time are not explored.`
}
