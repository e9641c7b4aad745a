import type { HeldStep } from './gate.js'
import type { HttpShop, ShopAnswer } from './lane.js'

/** The news that a shop has ended comes somewhat later than the end of its connections. */
const ENDS_WITHIN_MS = 1_000

/** Why a foreign shop cannot be explored, or not any further: no fault of its purchase logic that anybody has shown. */
export class Obstacle extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Obstacle'
  }
}

/** An answer that came while the step before it was held: the shop did not wait for Redis as long as that. */
export const gaveUp = ({ text }: ShopAnswer, held: HeldStep | undefined): string => {
  const what = held === undefined ? 'a command' : held.passage.name
  const time = held === undefined ? '' : ` for ${Math.round(performance.now() - held.sinceMs)} ms`
  return `the shop answered (${text}) while ${what} was held${time}: a timeout of its Redis client is too short`
}

/** No answer of the sale's own. */
export const isTrouble = ({ outcome }: ShopAnswer): boolean => outcome === 'error' || outcome === 'unknown'

/** How a shop ended that seems to have; null where it runs. */
export const endOf = async (shop: HttpShop): Promise<string | null> => {
  const ended = await shop.ended(ENDS_WITHIN_MS)
  return ended && `the shop ended during a purchase (${ended})`
}
