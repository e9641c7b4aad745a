import { say } from '../../language/say.js'
import type { Purchase } from '../../sale/purchase.js'
import type { Told, Violation } from '../judge.js'
import type { Actor } from '../world.js'
import type { Answer, Lane } from './lane.js'

/** What every lock token of a buyer begins with. */
export const tokenMark = (buyer: number): string => `token-of-${buyer + 1}-`

/** Buyers as actors. One person who buys twice is two of them, by number. */
export const actorsOf = (buyers: readonly Purchase[]): Actor[] =>
  buyers.map(({ user, quantity }, buyer) => {
    const twins = buyers.flatMap((other, i) => (other.user === user ? [i] : []))
    const alone = twins.length === 1
    return {
      name: alone ? user : `${user} (${twins.indexOf(buyer) + 1})`,
      alike: `${quantity} ${alone ? '' : user}`,
      marks: alone ? [user, tokenMark(buyer)] : [tokenMark(buyer)],
    }
  })

/** What buyers were told; `end`: steps of the execution. */
export const answersOf = (lanes: readonly Lane[], end: number): Told[] =>
  lanes.map(({ answer, from, to }) => {
    const outcome = answer !== null && typeof answer === 'object' && 'outcome' in answer ? answer.outcome : 'unknown'
    return { outcome, from: from ?? 0, to: to ?? end }
  })

/** What went wrong before there was anything to judge: purchases that wait for ever, hang or throw. */
export const anomaliesOf = (
  actors: readonly Actor[],
  lanes: readonly { readonly answer: Answer | null }[],
): Violation[] => {
  const named = lanes.map(({ answer }, i) => ({ answer, name: actors[i]?.name ?? '' }))
  const namesOf = (state: null | 'never-settles') =>
    named.flatMap(({ answer, name }) => (answer === state ? [name] : [])).join(', ')
  const [waiting, mute] = [namesOf(null), namesOf('never-settles')]
  const found: Violation[] = named.flatMap(({ answer, name }): Violation[] => {
    if (answer === null || answer === 'never-settles' || !('did' in answer)) return []
    return [{ rule: 'threw', message: say`the purchase of ${name} ${answer.did}`, hint: answer.hint }]
  })
  if (waiting !== '') {
    const message = say`nobody can go on: ${waiting} wait for a change that nobody is left to make`
    found.push({
      rule: 'deadlock',
      message,
      hint: say`a lock that its holder never gave back, or retries that only time ends`,
    })
  }
  if (mute !== '') {
    const message = say`the purchase of ${mute} neither answered nor sent a command`
    found.push({
      rule: 'never-settles',
      message,
      hint: say`a promise that nobody resolves, or a wait that goes around ctx.clock`,
    })
  }
  return found
}
