import { Classifier } from '../load/classify.js'
import { transportOf } from '../load/recipe.js'
import type { Answer } from '../load/transport.js'
import type { HttpSettings } from '../load/transports/http.js'
import type { ShopAnswer } from '../race/worlds/http/lane.js'
import type { Buyer } from '../race/worlds/http/shops.js'
import { recipeOf, type WaysIn } from './let-in.js'
import type { GuestsAtDoor } from './race-guests.js'
import type { Target } from './target.js'

/** Makes purchases of guests at a target, up to `slots` at once. Errors: target_unreachable. */
export const buyerAt = async (
  target: Target,
  ways: WaysIn,
  guests: GuestsAtDoor,
  http: HttpSettings,
  slots: number,
): Promise<Buyer> => {
  const transport = await transportOf(recipeOf(target, ways, http))
  await transport.open(slots)
  const free = Array.from({ length: slots }, (_, slot) => slot)
  const classifier = new Classifier(target.rules)
  return {
    buy: async (user, quantity) => {
      const shot = await guests.enter(user, quantity)
      const slot = free.pop() as number
      return new Promise((resolve) => {
        transport.send(slot, shot, (answer) => {
          free.push(slot)
          resolve(told(classifier, answer))
        })
      })
    },
    close: () => transport.close(),
  }
}

const told = (classifier: Classifier, answer: Answer | Error): ShopAnswer => {
  if (answer instanceof Error) return { outcome: 'unknown', text: answer.message, lost: true }
  const { outcome, group } = classifier.classify(answer.reply)
  const { status, sample } = classifier.groups()[group] as { status: number; sample: string }
  const lost = status === 0
  return { outcome, text: lost ? sample : `${status} ${sample.slice(0, 120)}`, lost }
}
