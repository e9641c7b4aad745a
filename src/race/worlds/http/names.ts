import type { FinalState } from '../../../sale/final-state.js'

/** Users of one execution: the names that the shop gets, new each time, for the names that people read. */
export class Names {
  readonly #real: ReadonlyMap<string, string>

  constructor(users: readonly string[], newUser: () => string) {
    this.#real = new Map([...new Set(users)].map((user) => [user, newUser()]))
  }

  real(user: string): string {
    return this.#real.get(user) as string
  }

  /** A text from the shop as people read it. */
  readonly shown = (text: string): string => {
    let shown = text
    for (const [user, real] of this.#real) shown = shown.replaceAll(real, user)
    return shown
  }

  /** A key as it is called in Redis. */
  realIn(key: string): string {
    for (const [user, real] of this.#real) if (key.includes(user)) return key.replaceAll(user, real)
    return key
  }

  shownIn(state: FinalState): FinalState {
    return { ...state, records: state.records.map((source) => ({ ...source, users: source.users.map(this.shown) })) }
  }
}
