import { SeckillError } from '../errors.js'
import type { AnswerGroup } from '../history/attempt.js'
import { sentences } from '../language/lists.js'
import { say, word } from '../language/say.js'
import type { Classifier } from '../load/classify.js'
import type { Tally } from '../load/tally.js'
import type { Outcome } from '../sale/outcome.js'
import type { Sale } from '../sale/sale.js'
import { shellWord } from '../sale/shell-word.js'
import type { Context } from './context.js'
import type { Fired } from './fired.js'
import { thousands } from './numbers.js'

type Grouped = Pick<Classifier, 'groups' | 'count'>

/** Warns of what makes a run prove less than it seems to. `failure`: the last that Redis said, where purchases go straight to it. */
export const warnAbout = (context: Context, fired: Fired, classifier: Grouped, failure?: string): void => {
  warnIfThrottled(context, fired)
  warnIfDoubtful(context, fired)
  const { tally } = fired.result
  const doubts = [lostAttempts(tally, classifier, failure), nothingTested(tally, classifier)]
  for (const doubt of doubts) if (doubt !== null) context.warn(doubt)
}

/** What nobody answered ends with: what happened to most attempts, and where they are written down. */
export const unanswered = ({ header, path, result: { tally } }: Fired, classifier: Grouped): SeckillError => {
  const most = mostOften(classifier, ({ status }) => status === 0)
  const why = most === undefined ? '' : say` (${thousands(classifier.count(most.id))} × ${shown(most.sample)})`
  return new SeckillError(
    'target_unreachable',
    say`${header.target} answered none of ${thousands(tally.attempts)} attempts${why}`,
    say`is it up, and does it serve this path? see seckill report ${shellWord(path)}`,
  )
}

/** Single connections are cut now and then. */
const FEW_LOST = 0.01

/** That many attempts got no answer, and why; null where few did, or where nobody answered at all (an error of its own). */
export const lostAttempts = (tally: Tally, classifier: Grouped, failure?: string): string | null => {
  const isLost = ({ status, outcome }: AnswerGroup) => status === 0 && ['not_sent', 'unknown'].includes(outcome)
  const lost = inAll(classifier, isLost)
  if (lost === tally.attempts || lost <= FEW_LOST * tally.attempts) return null
  const why = failure ?? mostOften(classifier, isLost)?.sample ?? ''
  return say`${thousands(lost)} of ${thousands(tally.attempts)} attempts (${percent(lost, tally)}) got no answer: ${shown(why)}; they prove nothing about the sale: see whether it went down under the load`
}

/** What only says that the attempt was not understood, or not wanted here. */
const BESIDE: readonly Outcome[] = ['error', 'rejected', 'throttled', 'unknown', 'not_sent']
const UNFIT: readonly Outcome[] = ['error', 'rejected']

/** That no attempt got as far as a decision, and what to look at; null where one did. */
export const nothingTested = (tally: Tally, classifier: Grouped): string | null => {
  const beside = BESIDE.reduce((sum, outcome) => sum + tally.count(outcome), 0)
  const most = mostOften(classifier, ({ outcome }) => UNFIT.includes(outcome))
  if (most === undefined || beside < tally.attempts) return null
  const { status, outcome, sample } = most
  const told = `${thousands(classifier.count(most.id))} × ${status === 0 ? word(outcome) : say`${word(outcome)}, status ${status}`}: ${shown(sample)}`
  return say`nothing was tested: the shop decided about none of ${thousands(tally.attempts)} attempts (${told}); ${cureOf(most)}`
}

const CURES: Readonly<Record<number, () => string>> = {
  400: () => say`does the request have the fields that the shop asks for? see --form, --json-body`,
  401: () => say`let users log in first: docs/users.md`,
  403: () => say`let users log in first: docs/users.md`,
  404: () => say`is the path right (--path), and the sale seeded there (--sale)?`,
  405: () => say`see --method`,
  409: () => say`does the sale have the layout that this path sells from? see: seckill status`,
  415: () => say`see --json-body and --form`,
  422: () => say`does the request have the fields that the shop asks for? see --form, --json-body`,
}

const cureOf = ({ status, outcome }: AnswerGroup): string =>
  CURES[status]?.() ??
  (outcome === 'rejected'
    ? say`the shop calls these requests invalid: see --quantity, --form, --json-body`
    : say`look at one purchase: seckill buy`)

const inAll = (classifier: Grouped, test: (group: AnswerGroup) => boolean): number =>
  classifier.groups().reduce((sum, group) => (test(group) ? sum + classifier.count(group.id) : sum), 0)

const mostOften = (classifier: Grouped, test: (group: AnswerGroup) => boolean): AnswerGroup | undefined =>
  classifier
    .groups()
    .filter(test)
    .sort((a, b) => classifier.count(b.id) - classifier.count(a.id))[0]

const shown = (sample: string): string => JSON.stringify(sample.slice(0, 120))

const percent = (n: number, { attempts }: Tally): string => `${((100 * n) / attempts).toFixed(0)} %`

const warnIfDoubtful = (context: Context, { result: { generator } }: Fired): void => {
  const { verdict, reasons } = generator
  const said = say`these figures are ${word(verdict)}: ${sentences(reasons)}`
  if (verdict === 'invalid') context.warn(said)
  if (verdict === 'suspect') context.note(said)
}

/** From here on most of the load never reached the sale. */
const MUCH_THROTTLED = 0.2

const warnIfThrottled = (context: Context, { result: { tally } }: Fired): void => {
  const throttled = tally.count('throttled')
  if (throttled <= MUCH_THROTTLED * tally.attempts) return
  context.warn(
    say`${percent(throttled, tally)} of the attempts were throttled: they never reached the sale, and prove nothing about it; if the limiter goes by address: --header 'X-Forwarded-For: {{ip}}', else raise it in the test profile`,
  )
}

/** A target that sells while the watched stock stands still sells from somewhere else. */
export const warnIfElsewhere = (context: Context, { header, result }: Fired, sale: Sale | null): void => {
  const { tally, stock } = result
  const start = header.atStart?.remaining
  if (
    !sale ||
    tally.count('sold') === 0 ||
    !stock ||
    start == null ||
    start <= 0 ||
    stock.last !== start ||
    stock.lowest !== start
  )
    return
  context.warn(
    say`the target said "sold" ${thousands(tally.count('sold'))} times, but ${sale.keys.stock} never moved: does it use another Redis, database or key prefix?`,
  )
}
