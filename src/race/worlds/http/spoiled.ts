import { say } from '../../../language/say.js'
import { Obstacle } from '../../world.js'
import type { HeldStep } from './gate.js'
import type { HttpShop, ShopAnswer } from './lane.js'

/** The news that a shop has ended comes somewhat later than the end of its connections. */
const ENDS_WITHIN_MS = 1_000

/** A purchase under way, whatever it shares with others. */
interface Lane {
  readonly shop: HttpShop
  readonly answer: ShopAnswer | null
  quiet(limitMs: number, windowMs: number): Promise<void>
}

/** What spoiled a purchase whatever the order of its steps: its shop ended, or gave up a connection; null where nothing did. */
export const spoiltBy = async (lane: Lane, settleMs: number): Promise<Obstacle | null> => {
  const { answer, shop } = lane
  const ended = answer?.lost ? await endOf(shop) : null
  if (ended !== null) return new Obstacle(ended)
  if (shop.gate.perturbed === null) return null
  // Until it has sent the step again, or given up the purchase.
  await lane.quiet(settleMs, 0)
  return new Obstacle(shop.gate.perturbed)
}

/** Lets a step go. Rejects with an Obstacle where its connection ended before the reply. */
export const released = (held: HeldStep, shop: HttpShop) =>
  held.release().catch(async (error: Error) => {
    throw new Obstacle((await endOf(shop)) ?? error.message)
  })

/** An answer that came while the step before it was held: the shop did not wait for Redis as long as that. */
export const gaveUp = ({ text }: ShopAnswer, held: HeldStep | undefined): Obstacle => {
  const what = held === undefined ? 'a command' : held.passage.name
  const time = held === undefined ? '' : say` for ${Math.round(performance.now() - held.sinceMs)} ms`
  return new Obstacle(
    say`the shop answered (${text}) while ${what} was held${time}: a timeout of its Redis client is too short`,
  )
}

/** An answer to the first who asked, without a look into Redis. */
export const answeredUnasked = (name: string, { text }: ShopAnswer): Obstacle =>
  new Obstacle(say`the shop answered ${name} without a command to Redis (${text}): it remembers something from before`)

/** No answer of the sale's own. */
export const isTrouble = ({ outcome }: ShopAnswer): boolean => outcome === 'error' || outcome === 'unknown'

/** How a shop ended that seems to have; null where it runs. */
const endOf = async (shop: HttpShop): Promise<string | null> => {
  const ended = await shop.ended(ENDS_WITHIN_MS)
  return ended && say`the shop ended during a purchase (${ended})`
}
