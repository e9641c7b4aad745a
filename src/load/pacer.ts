/** When the next attempt may leave, from the time since the start and the attempts sent so far. Pure; the clock is the caller's. */
export interface Pacer {
  next(elapsedUs: number, sent: number): Pace
}

/** `sendAtUs`: the planned moment, in µs since the start, now or to come. */
export type Pace = { readonly kind: 'send'; readonly sendAtUs: number } | { readonly kind: 'stop' }

/** The closed model: whoever is free sends; `attempts` in all. The planned moment is the moment of sending. */
export const closedPacer = (attempts: number): Pacer => ({
  next: (elapsedUs, sent) => (sent < attempts ? { kind: 'send', sendAtUs: elapsedUs } : { kind: 'stop' }),
})
