import { count, say, word } from '../language/say.js'
import { outcomesInTheEnd } from '../report/followed.js'
import type { Outcome } from '../sale/outcome.js'
import type { Course, Document, StepName } from '../scenario/run.js'
import type { Found } from '../scenario/verdict.js'
import type { Context } from './context.js'
import { milliseconds, thousands } from './numbers.js'

/** One step, once it is through. */
export const stepLine = (step: StepName, json: Document): string => `${step.padEnd(6)}${TELL[step](json as never)}`

type Outcomes = Readonly<Partial<Record<Outcome, number>>>

const TELL: Readonly<Record<StepName, (json: never) => string>> = {
  seed: ({ sale, stock, layout, keys }: { sale: string; stock: number; layout: string; keys: { stock: string } }) =>
    // Any other layout may be several keys.
    layout === 'custom'
      ? say`${count(stock, 'unit')} for sale ${sale}`
      : say`${count(stock, 'unit')} in ${keys.stock} (${layout})`,
  blast: (json: {
    attempts: number
    requestsPerSecond: number
    outcomes: Outcomes
    followed?: { outcomes: Outcomes } | null
    latencyMs: { response: { p99: number } }
  }) => {
    const each = outcomesInTheEnd(json.outcomes, json.followed).map(
      ([outcome, n]) => `${thousands(n)} ${word(outcome)}`,
    )
    return say`${thousands(json.attempts)} attempts, ${thousands(json.requestsPerSecond)}/s, p99 ${milliseconds(json.latencyMs.response.p99)}: ${each.join(', ')}`
  },
  audit: ({ verdict, tested, rules }: { verdict: string; tested: number; rules: number }) =>
    say`${verdict} (${tested} of ${rules} rules tested)`,
  race: ({ verdict, schedules, settings }: { verdict: string; schedules: number; settings: unknown[] }) =>
    say`${verdict}: ${count(schedules, 'order')} explored in ${count(settings.length, 'setting')}`,
}

interface Shown {
  readonly name: string
  readonly found: Found
  readonly course: Course
  /** What the steps printed. */
  readonly printed: readonly string[]
}

/** The verdict and why, then what the steps have to show. */
export const renderScenario = async (context: Context, { name, found, course, printed }: Shown): Promise<string> => {
  const { stdout: style } = await context.styles()
  const { verdict, asExpected, broken, expected, surprise } = found
  const judged = course.judged.length > 0
  const paint = asExpected ? style.green : verdict === 'inconclusive' ? style.yellow : style.red
  const mark = !judged ? say`not judged` : asExpected ? say`as expected` : verdict === 'fail' ? 'FAIL' : verdict
  const why =
    surprise ??
    (judged && expected !== 'pass' ? say`${verdict}, which it has to` : judged ? say`the sale was correct` : '')
  const rules = broken.length === 0 ? '' : say` (${broken.join(', ')})`
  return [`${style.bold(paint(mark))}  ${name}${why === '' ? '' : `: ${why}${rules}`}`, ...printed].join('\n\n')
}
