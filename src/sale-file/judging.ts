import { say } from '../language/say.js'
import type { Checker } from './checker.js'
import { texts } from './requests.js'
import type { SaleFileInput } from './schema.js'
import { parseDuration, timeForm } from './values.js'

/** How `run` audits, as the flags of `audit` would say it. */
export interface AuditSection {
  /** Milliseconds. */
  readonly settle: number | undefined
  readonly orders: string | undefined
  readonly ordersCommand: string | undefined
}

/** How `run` races, as the flags of `race` would say it. */
export interface RaceSection {
  readonly users: string | undefined
  readonly stock: number | undefined
  readonly quantity: readonly number[] | undefined
  readonly sameUser: boolean | undefined
  readonly maxPreemptions: number | undefined
  /** Milliseconds. */
  readonly budget: number | undefined
  readonly keepGoing: boolean | undefined
  readonly deployment: 'scaled' | 'single' | undefined
  /** `NAME=value` */
  readonly env: string[] | undefined
}

/** What `run` has to find: a verdict, or the rules that may break, one at least. */
export type Expected = NonNullable<SaleFileInput['expect']>

export const auditSection = ({ audit }: SaleFileInput, checker: Checker): AuditSection | undefined =>
  audit && {
    settle: checker.value(['audit', 'settle'], audit.settle, parseDuration, timeForm()),
    orders: audit.orders,
    ordersCommand: audit.ordersCommand,
  }

export const raceSection = ({ race, target }: SaleFileInput, checker: Checker): RaceSection | undefined => {
  if (race === undefined) return undefined
  const { users, quantity, env, budget, ...rest } = race
  if (target?.start === undefined) checker.refuse(['race'], say`race starts the shop itself: say how in target.start`)
  else if (race.deployment !== 'single' && !target.url.includes('{port}'))
    checker.refuse(
      ['race'],
      say`every copy of the shop needs a port of its own: write {port} in target.url and target.start`,
    )
  const { stock, sameUser, maxPreemptions, keepGoing, deployment } = rest
  return {
    ...{ stock, sameUser, maxPreemptions, keepGoing, deployment },
    users: users === undefined ? undefined : String(users),
    quantity: typeof quantity === 'number' ? [quantity] : quantity,
    budget: checker.value(['race', 'budget'], budget, parseDuration, timeForm()),
    env: env && Object.entries(texts(env) ?? {}).map(([name, value]) => `${name}=${value}`),
  }
}
