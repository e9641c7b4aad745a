import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../../../language/say.js'
import { commandText } from '../../../redis/trace.js'
import { recordedUnits } from '../../../store/snapshot.js'
import type { SaleControl } from './course.js'
import { HttpLane, type HttpShop, type ShopAnswer } from './lane.js'
import { gaveUp, isTrouble, released, spoiltBy } from './spoiled.js'

/** One purchase alone: what the shop sends to Redis for it. */
export interface Calibration {
  readonly answer: ShopAnswer
  /** In order, as redis-cli would show them. */
  readonly commands: readonly string[]
  /** Keys that they name. */
  readonly keys: ReadonlySet<string>
  /** What came while no purchase was under way. */
  readonly background: readonly string[]
  /** It sends commands at the same time. */
  readonly parallel: boolean
  /** Commands came after the answer. */
  readonly late: boolean
  /** Why connections could not be followed. */
  readonly unseen: readonly string[]
  /** Commands that wait for somebody else's, and were let through. */
  readonly blocking: readonly string[]
}

export interface CalibrationOptions {
  readonly user: string
  readonly quantity: number
  /** Between one step and the next, or the answer. */
  readonly settleMs: number
  /** How long to look for commands at the same time and after the answer. */
  readonly lookMs?: number
}

const LOOK_MS = 20
/** At least so long for what comes unasked, so that a busy machine has time to send it: once or twice a race. */
const BACKGROUND_MS = 200
/** A purchase that goes on for ever, such as one that waits for a lock, is cut off here. */
const MAX_COMMANDS = 200

/**
 * Makes one purchase with every step held for a moment. The sale must be open, with stock enough. Rejects with an Obstacle
 * where the shop ends, or does not wait for Redis as long as that.
 */
export const calibrate = async (
  shop: HttpShop,
  { user, quantity, settleMs, lookMs = LOOK_MS }: CalibrationOptions,
): Promise<Calibration> => {
  const { gate } = shop
  gate.shut()
  await pause(Math.max(lookMs, BACKGROUND_MS))
  const background = gate.held.map(({ passage }) => commandText(passage))
  gate.letPass(background)
  gate.open()
  gate.shut()
  const lane = new HttpLane(shop, user, quantity)
  const commands: string[] = []
  const keys = new Set<string>()
  let parallel = false
  let late = false
  try {
    for (;;) {
      await lane.quiet(settleMs, lookMs)
      const spoilt = await spoiltBy(lane, settleMs)
      if (spoilt !== null) throw spoilt
      const { next, answer } = lane
      if (answer && next && isTrouble(answer)) throw gaveUp(answer, next)
      if (next === undefined || commands.length >= MAX_COMMANDS) break
      late ||= answer !== null
      parallel ||= gate.held.length > 1
      commands.push(commandText(next.passage))
      for (const passage of [next.passage, ...next.passage.queued]) for (const word of passage.args) keys.add(word)
      await released(next, shop)
    }
  } finally {
    await lane.finish()
  }
  return {
    answer: lane.answer as unknown as ShopAnswer,
    commands,
    keys,
    background,
    parallel,
    late,
    unseen: [...gate.notice.unseen],
    blocking: [...gate.notice.blocking],
  }
}

/** Whether the shop sells one unit to a buyer alone who asks for two, with stock enough. Rejects as {@link calibrate} does. */
export const ignoresQuantity = async (
  shop: HttpShop,
  control: SaleControl,
  options: Pick<CalibrationOptions, 'settleMs' | 'lookMs'>,
): Promise<boolean> => {
  await control.reset(2)
  const { answer } = await calibrate(shop, { ...options, user: control.newUser(), quantity: 2 })
  const { remaining, records } = await control.readState()
  return answer.outcome === 'sold' && remaining === 1 && records.every((source) => recordedUnits(source) === 1)
}

const shortList = (commands: readonly string[]): string =>
  commands.length > 8 ? say`${commands.slice(0, 8).join(', ')}, and ${commands.length - 8} more` : commands.join(', ')

/** Why a shop cannot be explored, in one sentence; null where it can. `said` is what named its Redis. */
export const obstacleIn = (calibration: Calibration, stock: readonly string[], said: string): string | null => {
  const { commands, keys, answer, unseen, background } = calibration
  if (unseen.length > 0 && commands.length === 0)
    return say`what the shop sends to Redis cannot be followed (${unseen.join(', ')})`
  if (commands.length === 0 && /^4\d\d /.test(answer.text))
    return say`the shop refused the purchase before any Redis command (${answer.text}): it may take another form, JSON body or header`
  if (commands.length === 0)
    return say`no Redis command came for a purchase (answer: ${answer.text}); the shop was told of its Redis by ${said}`
  if (answer.outcome !== 'sold')
    return say`a buyer alone, with stock enough, was not told "sold" but ${answer.outcome} (${answer.text})`
  if (stock.length > 0 && !stock.some((key) => keys.has(key)))
    return say`the purchase never touched ${shortList(stock)}: it sent ${shortList(commands)}; is the stock kept elsewhere, or in memory?`
  const unasked = background.find((command) => command.split(' ').some((word) => stock.includes(word)))
  if (unasked !== undefined)
    return say`the shop sends ${unasked} while nobody buys: it cannot be told from what a purchase sends`
  return null
}
