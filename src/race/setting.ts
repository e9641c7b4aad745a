import { usageError } from '../errors.js'
import type { Purchase } from '../sale/purchase.js'

/** Who buys what, all at once, from how much. */
export interface Setting {
  readonly buyers: readonly Purchase[]
  readonly stock: number
}

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
  const cut = settings.map(({ buyers, stock }) => ({
    stock,
    buyers: buyers.map(({ user, quantity }) => ({ user, quantity: Math.min(quantity, limit) })),
  }))
  return [...new Map(cut.map((setting) => [describeSetting(setting), setting])).values()]
}

/** `alice 2, bob 1; stock 3` */
export const describeSetting = ({ buyers, stock }: Setting): string =>
  `${buyers.map(({ user, quantity }) => `${user} ${quantity}`).join(', ')}; stock ${stock}`

/** The flags that bring this setting back. */
export const settingFlags = ({ buyers, stock }: Setting): string => {
  const same = buyers.length > 1 && buyers.every(({ user }) => user === buyers[0]?.user)
  const some = !same && new Set(buyers.map(({ user }) => user)).size < buyers.length
  const users = some ? `--users ${buyers.map(({ user }) => user[0]).join('')}` : `--users ${buyers.length}`
  return `${users} --stock ${stock} --quantity ${buyers.map(({ quantity }) => quantity).join()}${same ? ' --same-user' : ''}`
}

/** `112x2` → steps of buyers 1, 1, 2, then the expiry, then buyer 2; errors: usage. */
export const parseReplay = (text: string, buyers: number): number[] =>
  [...text].map((letter) => {
    const actor = letter === 'x' ? buyers : Number(letter) - 1
    if (/^[1-5x]$/.test(letter) && actor <= buyers && (letter === 'x' || actor < buyers)) return actor
    throw usageError(
      `--replay ${JSON.stringify(text)} is no order of ${buyers} buyers`,
      'digits name buyers, x is the expiry of the lock: as race printed it',
    )
  })

/** An order of steps as {@link parseReplay} reads it. */
export const replayText = (steps: readonly { readonly actor: number }[], buyers: number): string =>
  steps.map(({ actor }) => (actor === buyers ? 'x' : String(actor + 1))).join('')
