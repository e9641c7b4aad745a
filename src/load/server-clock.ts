import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent } from 'undici'
import type { ClockOffset } from '../sale/clock.js'
import { unreachable } from './transports/unreachable.js'

/** For one answer to one question. */
const ANSWER_MS = 5_000

/** The status with which a server answers HEAD /. Errors: target_unreachable. */
export const askServer = async (origin: string, insecure: boolean): Promise<number> => {
  const server = await dispatcherFor(insecure)
  try {
    return (await head(origin, server, ANSWER_MS)).statusCode
  } catch (error) {
    throw unreachable(origin, error)
  } finally {
    await server.destroy()
  }
}

const dispatcherFor = async (insecure: boolean): Promise<Agent> => {
  const { Agent } = await import('undici')
  return new Agent({ connect: { rejectUnauthorized: !insecure } })
}

const head = async (origin: string, dispatcher: Agent, timeoutMs: number) => {
  const { request } = await import('undici')
  const answer = await request(origin, { method: 'HEAD', dispatcher, signal: AbortSignal.timeout(timeoutMs) })
  await answer.body.dump()
  return answer
}

const POLL_MS = 25
/** A second, in which the Date must change once, and some to spare. */
const LONGEST_MS = 1_500

/**
 * Reads a server's clock from its Date header, which knows whole seconds only: asks (HEAD /) until the second changes, which
 * it then did between the last two questions. Null where it does not answer, or sends no Date.
 */
export const serverClockOffset = async (origin: string, insecure: boolean): Promise<ClockOffset | null> => {
  const dispatcher = await dispatcherFor(insecure)
  const beginMs = Date.now()
  let before: { readonly askedMs: number; readonly dateMs: number } | null = null
  try {
    while (Date.now() - beginMs < LONGEST_MS) {
      const askedMs = Date.now()
      const { headers } = await head(origin, dispatcher, LONGEST_MS)
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
