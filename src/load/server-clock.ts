import { setTimeout as sleep } from 'node:timers/promises'

/** How far a server's clock is ahead of ours, and how far that may be off. Milliseconds. */
export interface ClockOffset {
  readonly offsetMs: number
  readonly withinMs: number
}

const POLL_MS = 25
/** A second, in which the Date must change once, and some to spare. */
const LONGEST_MS = 1_500

/**
 * Reads a server's clock from its Date header, which knows whole seconds only: asks (HEAD /) until the second changes, which
 * it then did between the last two questions. Null where it does not answer, or sends no Date.
 */
export const serverClockOffset = async (origin: string, insecure: boolean): Promise<ClockOffset | null> => {
  const { Agent, request } = await import('undici')
  const dispatcher = new Agent({ connect: { rejectUnauthorized: !insecure } })
  const beginMs = Date.now()
  let before: { readonly askedMs: number; readonly dateMs: number } | null = null
  try {
    while (Date.now() - beginMs < LONGEST_MS) {
      const askedMs = Date.now()
      const signal = AbortSignal.timeout(LONGEST_MS)
      const { headers, body } = await request(origin, { method: 'HEAD', dispatcher, signal })
      await body.dump()
      const dateMs = Date.parse(String(headers.date))
      if (Number.isNaN(dateMs)) return null
      if (before !== null && dateMs !== before.dateMs) {
        const withinMs = (Date.now() - before.askedMs) / 2
        return { offsetMs: dateMs - (before.askedMs + withinMs), withinMs }
      }
      before = { askedMs, dateMs }
      await sleep(POLL_MS)
    }
    return null
  } catch {
    return null
  } finally {
    await dispatcher.close()
  }
}
