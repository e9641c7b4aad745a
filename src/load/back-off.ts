import type { Reply } from './transport.js'

/** The longest wait that we choose ourselves. */
const LONGEST_MS = 10_000

/**
 * How long to wait until the next poll of an attempt: the interval; twice as long after each poll in a row that was told to
 * come later (`refusals`); and as long as the answer's Retry-After says (RFC 9110, 10.2.3), whatever its status.
 */
export const backOffMs = (reply: Reply, refusals: number, intervalMs: number, nowMs: number): number =>
  Math.max(
    intervalMs,
    refusals === 0 ? 0 : Math.min(LONGEST_MS, intervalMs * 2 ** refusals),
    reply.kind === 'http' ? retryAfterMs(reply.headers?.['retry-after'], nowMs) : 0,
  )

/** Seconds or a date; 0 for what is neither, or over. */
const retryAfterMs = (header: string | readonly string[] | undefined, nowMs: number): number => {
  const text = (typeof header === 'string' ? header : (header?.[0] ?? '')).trim()
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - nowMs)
}
