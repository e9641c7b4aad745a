import { say } from '../language/say.js'
import type { Context } from './context.js'
import { milliseconds } from './numbers.js'

/** Reading a clock takes up to 1.5 s. */
const CLOCK_MS = 3_000

/** Says when a run starts, and by whose clock: the server's is compared, where there is time to. */
export const tellClock = async (context: Context, origin: string, insecure: boolean, atMs: number): Promise<void> => {
  const at = new Date(atMs).toLocaleString('sv')
  const { serverClockOffset } = await import('../load/server-clock.js')
  const offset = atMs - Date.now() > CLOCK_MS ? await serverClockOffset(origin, insecure) : null
  if (offset === null) return context.note(say`starts at ${at} by this machine's clock`)
  const { offsetMs, withinMs } = offset
  const [off, within] = [milliseconds(Math.abs(offsetMs)), milliseconds(withinMs)]
  context.note(
    offsetMs < 0
      ? say`starts at ${at} by this machine's clock; the server's is ${off} behind it (± ${within})`
      : say`starts at ${at} by this machine's clock; the server's is ${off} ahead of it (± ${within})`,
  )
}
