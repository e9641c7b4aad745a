import { usageError } from '../errors.js'
import { count, say } from '../language/say.js'
import type { Purchase } from '../sale/purchase.js'
import type { Step } from './events.js'

/** Who buys what, all at once, from how much. */
export interface Setting {
  readonly buyers: readonly Purchase[]
  readonly stock: number
  /** Processes that decide orders behind a queue; absent where purchases are decided at once. */
  readonly office?: { readonly workers: number; readonly relay: boolean }
  /** A process that dies; absent: none. */
  readonly death?: Death
}

/** Which process dies: a buyer's, or one of the back office, in place of the step that follows so many of its own. */
export interface Death {
  readonly actor: number
  readonly after: number
}

/** More workers than this show nothing that two do not. */
export const MAX_WORKERS = 3

const WORKERS = ['A', 'B', 'C']

/** Names of the processes behind the queue, in the order of their actors. */
export const officeNames = ({ office }: Pick<Setting, 'office'>): string[] =>
  office === undefined
    ? []
    : [...WORKERS.slice(0, office.workers).map((letter) => `worker ${letter}`), ...(office.relay ? ['relay'] : [])]

/** What stands for the actors in a replay: digits for buyers, x for the expiry, A, B, C for workers, R for the relay. */
const lettersOf = (setting: Pick<Setting, 'office'> & { readonly buyers: { readonly length: number } }): string[] => [
  ...Array.from({ length: setting.buyers.length }, (_, i) => String(i + 1)),
  'x',
  ...officeNames(setting).map((name) => (name === 'relay' ? 'R' : (name.at(-1) as string))),
]

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin']

/** More have more orders than anybody waits for. */
export const MAX_BUYERS = NAMES.length

/** Buyers of these quantities; `users` says who is who (`aab`: the first two are one person), each a person of their own otherwise. */
export const settingOf = (quantities: readonly number[], stock: number, users = 'abcde'): Setting => ({
  buyers: quantities.map((quantity, i) => ({ user: NAMES['abcde'.indexOf(users[i] as string)] as string, quantity })),
  stock,
})

/**
 * What is explored unless somebody says otherwise. No single setting will do: the naive list is right in every order of
 * buyers of one unit each. Those in which most races show come first.
 */
export const PORTFOLIO: readonly Setting[] = [
  settingOf([1], 1),
  settingOf([2, 2], 3),
  settingOf([1, 1], 5, 'aa'),
  settingOf([1, 1], 1),
  settingOf([2, 1], 1),
  settingOf([1, 2], 5),
  settingOf([2, 1], 1, 'aa'),
  settingOf([1, 1, 1], 1, 'aab'),
  settingOf([1, 1, 1], 2, 'aab'),
]

/** The portfolio for a strategy that sells up to `limit` units each. */
export const portfolioFor = (limit: number): readonly Setting[] => cutDown(PORTFOLIO, limit)

/** Settings in which nobody asks for more than `limit` units; those that become the same are kept once. */
export const cutDown = (settings: readonly Setting[], limit: number): readonly Setting[] => {
  const cut = settings.map(({ buyers, ...setting }) => ({
    ...setting,
    buyers: buyers.map(({ user, quantity }) => ({ user, quantity: Math.min(quantity, limit) })),
  }))
  return [...new Map(cut.map((setting) => [describeSetting(setting), setting])).values()]
}

/** `alice 2, bob 1; stock 3` */
export const describeSetting = ({ buyers, stock, office }: Setting): string => {
  const workers = office === undefined || office.workers === 1 ? '' : say`; ${count(office.workers, 'worker')}`
  return say`${buyers.map(({ user, quantity }) => `${user} ${quantity}`).join(say`, `)}; stock ${stock}${workers}`
}

/** The flags that bring this setting back. */
export const settingFlags = ({ buyers, stock, office, death }: Setting): string => {
  const same = buyers.length > 1 && buyers.every(({ user }) => user === buyers[0]?.user)
  const some = !same && new Set(buyers.map(({ user }) => user)).size < buyers.length
  const users = some ? `--users ${buyers.map(({ user }) => user[0]).join('')}` : `--users ${buyers.length}`
  return `${users} --stock ${stock} --quantity ${buyers.map(({ quantity }) => quantity).join()}${same ? ' --same-user' : ''}${office === undefined || office.workers === 1 ? '' : ` --workers ${office.workers}`}${death ? ' --crash' : ''}`
}

/** An order to be made again: who goes on at each step, and who dies. */
export interface Replay {
  readonly order: readonly number[]
  readonly death?: Death
}

/** `112x2` → steps of buyers 1, 1, 2, then the expiry, then buyer 2; `1-1`: a step of buyer 1, then his process dies. */
export const parseReplay = (text: string, setting: Setting): Replay => {
  const letters = lettersOf(setting)
  const order: number[] = []
  let death: Death | undefined
  for (const word of text.match(/-?[^-]|-/g) ?? []) {
    const actor = letters.indexOf(word.slice(-1))
    const after = order.filter((one) => one === actor).length
    const dies = word.length === 2
    if (actor < 0 || (dies && (death !== undefined || after === 0 || word.endsWith('x')))) throw noOrder(text, setting)
    if (dies) death = { actor, after }
    order.push(actor)
  }
  return { order, ...(death && { death }) }
}

const noOrder = (text: string, { buyers, office }: Setting) =>
  usageError(
    say`--replay ${JSON.stringify(text)} is no order of ${buyers.length} buyers`,
    office === undefined
      ? say`digits name buyers, x is the expiry of the lock, - stands before who dies: as race printed it`
      : say`digits name buyers, A, B, C workers, R the relay, - stands before who dies: as race printed it`,
  )

/** An order of steps as {@link parseReplay} reads it. */
export const replayText = (steps: readonly Pick<Step, 'actor' | 'event'>[], setting: Setting): string => {
  const letters = lettersOf(setting)
  return steps.map(({ actor, event }) => (event.kind === 'die' ? '-' : '') + letters[actor]).join('')
}
