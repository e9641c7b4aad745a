import { EXIT } from '../errors.js'
import { clauses } from '../language/lists.js'
import { say, word } from '../language/say.js'
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
  const shown = word(result.verdict === 'fail' ? 'FAIL' : result.verdict)
  const counted = result.settings.some(({ orders }) => orders !== null)
  const rows = result.settings.map(({ setting, schedules, orders, exhausted, broken }) => [
    describeSetting(setting),
    thousands(schedules) + (exhausted ? '' : ' …'),
    ...(counted ? [orders === null ? '' : thousands(orders)] : []),
    broken.map(ruleText).join('\n') || (exhausted ? say`none breaks a rule` : say`none so far`),
  ])
  const head = [say`buyers`, say`executions`, ...(counted ? [say`orders`] : []), say`broken`]
  const table = tableOf(head, rows, { numbers: counted ? [1, 2] : [1] })
  const timelines = result.counterexamples.map(
    (example) => `\n${timelineText(example, subject.again(replayFlags(example)))}`,
  )
  return [
    `${style.bold(color(shown))}  ${headline(plan, result, subject.name)}`,
    table,
    ...timelines,
    '',
    proved(plan, result, subject),
  ].join('\n')
}

const headline = (plan: RacePlan, result: RaceResult, strategy: string): string => {
  const { verdict, schedules, firstAt, firstAtMs, elapsedMs } = result
  const elapsed = milliseconds(elapsedMs)
  const made = schedules === 1 ? say`1 execution in ${elapsed}` : say`${thousands(schedules)} executions in ${elapsed}`
  if (verdict === 'fail')
    return say`${strategy}: an order of commands breaks it, found in execution ${firstAt} after ${milliseconds(firstAtMs ?? 0)}`
  if (plan.replay !== null) return say`${strategy}: this order breaks no rule`
  if (result.neverSold && result.exhaustive) return say`${strategy}: ${neverSoldText()} (${made})`
  const orders = plan.maxPreemptions === null ? ordersIn(result) : null
  if (verdict === 'pass')
    return orders === null
      ? say`${strategy}: no order breaks a rule (${made})`
      : say`${strategy}: no order breaks a rule (all ${thousands(orders)} of them, by ${made})`
  return say`${strategy}: none of ${made} breaks a rule; there are more`
}

/** What was explored, and what that leaves open. */
const proved = (plan: RacePlan, result: RaceResult, { deployment }: RaceSubject): string => {
  const crash = plan.crash && plan.replay === null
  const how = crash
    ? say`${searched(plan)}; at most one process dies, at any place between two of its commands`
    : searched(plan)
  return say`${how}; ${ended(plan, result)}. There is ${word(deployment)}; other stores, caches and the length of time are not explored.`
}

const searched = ({ explorer, replay, maxPreemptions, seed, ...plan }: RacePlan): string => {
  if (replay !== null) return say`one order, replayed`
  if (explorer === 'dpor') return reduced(plan)
  if (explorer !== 'exhaustive') return say`${explorer} walk, seed ${seed}`
  if (maxPreemptions === null) return say`full search`
  return maxPreemptions === 1
    ? say`full search, at most 1 preemption`
    : say`full search, at most ${maxPreemptions} preemptions`
}

const reduced = ({ reduction, symmetry, realTime }: Pick<RacePlan, 'reduction' | 'symmetry' | 'realTime'>): string => {
  const level = reduction === 'none' ? say`no-level independence` : say`${reduction}-level independence`
  const alike = symmetry ? say`user symmetry` : say`no user symmetry`
  const time = realTime ? say`with real-time order` : say`without real-time order`
  return say`one execution for each class of equivalent orders: ${clauses([level, alike, time])}`
}

const ended = (plan: RacePlan, result: RaceResult): string => {
  if (result.stopped === 'budget') return say`the budget of ${milliseconds(plan.budgetMs)} was over first`
  if (result.stopped === 'interrupted') return say`interrupted`
  if (result.stopped === 'steps') return spinsText()
  if (result.exhaustive) return say`explored to the end`
  return plan.replay === null && result.verdict === 'fail'
    ? say`stopped at the first violation (--keep-going goes on)`
    : say`not exhaustive`
}
