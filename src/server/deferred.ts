/** A promise together with its ends, as `Promise.withResolvers` of newer Node versions. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: Error): void
}

export const deferred = <T = void>(): Deferred<T> => {
  let ends: Omit<Deferred<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    ends = { resolve, reject }
  })
  return { promise, ...(ends as Omit<Deferred<T>, 'promise'>) }
}
