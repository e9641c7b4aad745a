/** Why an attempt failed whose answer came before its request was written whole. */
export const EARLY_ANSWER = 'an answer before the request'

/**
 * Calls back when whatever had arrived by now, on any connection, has been read: the end of this turn of the event loop,
 * and of the next.
 */
export const afterNextRead = (action: () => void): void => {
  setImmediate(() => setImmediate(action))
}
