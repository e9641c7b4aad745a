/** Holds actions back until {@link open}, then runs them in the order in which they came. */
export class Gate {
  #held: (() => void)[] = []

  /** Resolves with the action's result once the gate has opened. */
  hold<T>(action: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#held.push(() => action().then(resolve, reject))
    })
  }

  open(): void {
    for (const go of this.#held.splice(0)) go()
  }
}
