import { outcomeRuleOf } from '../history/outcome-rules.js'
import type { FieldSpec } from '../load/fields.js'
import { compilePoll, compileTicket, POLL_DEFAULTS, type PollSpec } from '../load/poll.js'
import type { Checker } from './checker.js'
import { texts } from './requests.js'
import type { SaleFileInput } from './schema.js'
import { parseDuration, timeForm } from './values.js'

const AT = ['target', 'poll'] as const
const ANYWHERE = { url: 'http://127.0.0.1/' }
/** How queued attempts are followed; undefined where the file does not say, or where it is not sound. */
export const pollSection = ({ target }: SaleFileInput, fields: FieldSpec, checker: Checker): PollSpec | undefined => {
  if (target?.poll === undefined) return undefined
  const { request, json, ticket = POLL_DEFAULTS.ticket, interval, timeout, outcomes = [] } = target.poll
  const [form, headers] = [texts(target.poll.form), texts(target.poll.headers)]
  const before = checker.problems.length
  checker.try([...AT, 'request'], () => compilePoll({ request }, ANYWHERE, fields))
  if (checker.problems.length === before) {
    const part = (name: string, body: Partial<PollSpec>) =>
      checker.try([...AT, name], () => compilePoll({ request, ...body }, ANYWHERE, fields))
    part('form', { form })
    part('headers', { headers })
    if (checker.problems.length === before) part('json', { form, json })
  }
  const timeOf = (name: 'interval' | 'timeout', value: string | number | undefined) =>
    checker.value([...AT, name], value, parseDuration, timeForm()) ?? POLL_DEFAULTS[`${name}Ms`]
  const poll = {
    ...{ request, form, json, headers, ticket },
    ...{ intervalMs: timeOf('interval', interval), timeoutMs: timeOf('timeout', timeout) },
    outcomes: outcomes.flatMap(
      (rule, i) => checker.try([...AT, 'outcomes', i], () => outcomeRuleOf(rule))?.source ?? [],
    ),
  }
  checker.try([...AT, 'ticket'], () => compileTicket(poll))
  return checker.problems.length > before ? undefined : poll
}
