import type { Command } from 'commander'
import { EXIT, usageError, worstExit } from '../errors.js'
import { say, word } from '../language/say.js'
import { type Scope, scopeOf } from '../sale/metric.js'
import {
  type Figures,
  judgeThreshold,
  parseThreshold,
  type Threshold,
  type ThresholdResult,
} from '../sale/threshold.js'
import type { SaleFile } from '../sale-file/load.js'
import type { Context } from './context.js'
import { repeat } from './options.js'

export interface ThresholdOptions {
  readonly threshold?: string[]
}

export const addThresholdOption = (
  command: Command,
  examples = 'p99 < 300ms, rps > 1000, outcome.sold == 50',
): Command =>
  command.option('--threshold <rule>', `what it has to keep to, else exit 99: ${examples} (repeatable)`, repeat)

const MEASURED_BY: Readonly<Record<Scope, () => string>> = {
  load: () => say`blast, simulate, audit and run do`,
  stock: () => say`audit and run do`,
  race: () => say`race and run do`,
}

/** Those that flags give, and those of the sale file that this command measures. Throws usage errors for flags that it cannot judge. */
export const thresholdsOf = (
  { command }: Pick<Context, 'command'>,
  { threshold = [] }: ThresholdOptions,
  file: SaleFile | null,
  scopes: readonly Scope[],
): readonly Threshold[] => {
  const given = threshold.map((source) => parseThreshold(source, { race: command === 'race' }))
  const foreign = given.find(({ metric }) => !scopes.includes(scopeOf(metric)))
  if (foreign !== undefined) {
    const { metric } = foreign
    throw usageError(say`${command} does not measure ${metric.name}`, MEASURED_BY[scopeOf(metric)]())
  }
  return [...given, ...(file?.thresholds ?? []).filter(({ metric }) => scopes.includes(scopeOf(metric)))]
}

export const judgeAll = (thresholds: readonly Threshold[], figures: Figures): ThresholdResult[] =>
  thresholds.map((threshold) => judgeThreshold(threshold, figures))

/** The exit code with what became of the thresholds. */
export const exitCodeWith = (exitCode: number, results: readonly ThresholdResult[]): number =>
  worstExit(
    exitCode,
    ...results.map(
      ({ verdict }) => ({ pass: EXIT.ok, fail: EXIT.threshold, inconclusive: EXIT.inconclusive })[verdict],
    ),
  )

/** Prints them as a table, where there are any. */
export const printThresholds = async (context: Context, results: readonly ThresholdResult[]): Promise<void> => {
  if (results.length === 0) return
  const { stdout: style } = await context.styles()
  const { tableOf } = await import('./style.js')
  const words = {
    pass: style.green(word('pass')),
    fail: style.red(word('FAIL')),
    inconclusive: style.yellow(word('inconclusive')),
  }
  const rows = results.map(({ expression, verdict, message }) => [words[verdict], expression, message])
  const widest = Math.max(...results.map(({ message }) => message.length))
  const width = widthOf(context, results)
  const head = [say`verdict`, say`threshold`, say`observed`]
  context.print(tableOf(head, rows, widest + 2 > width ? { lastWidth: width } : {}))
}

/** What verdict and threshold leave of the line. */
const widthOf = ({ io: { stdout } }: Context, results: readonly ThresholdResult[]): number => {
  const longest = Math.max(...results.map(({ expression }) => expression.length))
  return Math.max(24, Math.min(80, (stdout.isTerminal ? stdout.columns : 120) - longest - 24))
}
