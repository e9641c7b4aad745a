import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { didYouMean } from '../sale/nearest.js'
import { counterBatch } from './counter-batch.js'
import { counterLock } from './counter-lock.js'
import { counterLua } from './counter-lua.js'
import { counterNaive } from './counter-naive.js'
import { counterUndo } from './counter-undo.js'
import { counterWatch } from './counter-watch.js'
import { increx } from './increx.js'
import { listBasic } from './list-basic.js'
import { listLua } from './list-lua.js'
import { listNaive } from './list-naive.js'
import { queue } from './queue.js'
import { queueGap } from './queue-gap.js'
import { queueNaive } from './queue-naive.js'
import type { Strategy } from './strategy.js'

/** Every strategy: help, tables, the conformance suite and the server's routes follow this list. */
export const STRATEGIES: readonly Strategy[] = [
  listBasic,
  listNaive,
  counterNaive,
  counterUndo,
  increx,
  counterLock,
  counterWatch,
  listLua,
  counterLua,
  counterBatch,
  queue,
  queueNaive,
  queueGap,
]

/** Those of them that decide later, in a back office. */
export const QUEUED: readonly Strategy[] = STRATEGIES.filter(({ backOffice }) => backOffice !== undefined)

/** The strategy of that name, or a usage error that lists the names. */
export const strategyNamed = (name: string): Strategy => {
  const found = STRATEGIES.find((strategy) => strategy.name === name)
  if (found) return found
  const names = STRATEGIES.map((strategy) => strategy.name)
  throw usageError(
    say`no strategy ${JSON.stringify(name)}${didYouMean(name, names)}`,
    say`one of: ${names.join(say`, `)}`,
  )
}
