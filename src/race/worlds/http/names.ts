import type { FinalState } from '../../../sale/final-state.js'
import type { Guests } from './guests.js'

/**
 * Users of one execution: the names that the shop gets, new each time, for the names that people read. What else stands for
 * a user has a name, too: `alice-token`.
 */
export class Names {
  readonly #real: ReadonlyMap<string, string>
  /** As the shop knows it, and as people read it. What may hold a user's name goes before that. */
  readonly #pairs: readonly (readonly [real: string, shown: string])[]

  constructor(users: readonly string[], { newUser, secretsOf }: Pick<Guests, 'newUser' | 'secretsOf'>) {
    this.#real = new Map([...new Set(users)].map((user) => [user, newUser()]))
    const secrets = [...this.#real].flatMap(([user, real]) =>
      Object.entries(secretsOf(real)).map(([name, secret]) => [secret, `${user}-${name}`] as const),
    )
    this.#pairs = [...secrets, ...[...this.#real].map(([user, real]) => [real, user] as const)]
  }

  real(user: string): string {
    return this.#real.get(user) as string
  }

  /** A text from the shop as people read it. */
  readonly shown = (text: string): string =>
    this.#pairs.reduce((shown, [real, name]) => shown.replaceAll(real, name), text)

  /** A key as it is called in Redis. */
  realIn(key: string): string {
    const [real, name] = this.#pairs.find((pair) => key.includes(pair[1])) ?? []
    return real === undefined || name === undefined ? key : key.replaceAll(name, real)
  }

  shownIn(state: FinalState): FinalState {
    return { ...state, records: state.records.map((source) => ({ ...source, users: source.users.map(this.shown) })) }
  }
}
