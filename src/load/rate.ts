import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Stage } from './pacer.js'

const PATTERN = /^(\d+(?:\.\d+)?)(?:\/s)?(?:\.\.(\d+(?:\.\d+)?)(?:\/s)?)?(?:@(\d+(?:\.\d+)?)(ms|s|m))?$/
const SECONDS = { ms: 0.001, s: 1, m: 60 } as const
const forms = () => say`write 2000/s, a ramp 100/s..5000/s (with --duration), or steps 100/s@10s,500/s@30s,1000/s`
const MAX_RATE = 10_000_000

/**
 * Reads `--rate`: `2000/s`; `100/s..5000/s`, a ramp over the whole duration; `100/s@10s,500/s..1000/s@1m,1000/s`, stages one
 * after the other. `durationMs` ends the last stage where that has no time of its own. Throws a usage error.
 */
export const parseRate = (text: string, durationMs: number | null): Stage[] => {
  const bad = (why: string) => usageError(say`--rate ${JSON.stringify(text)}: ${why}`, forms())
  const pieces = text.split(',')
  let before = 0
  return pieces.map((piece, i) => {
    const [, low, high = low, time, unit] = PATTERN.exec(piece.trim()) ?? []
    if (low === undefined) throw bad(say`${JSON.stringify(piece.trim())} is no rate`)
    const [from, to] = [Number(low), Number(high)]
    if (from === 0 && to === 0) throw bad(say`a rate of 0 sends nothing`)
    if (Math.max(from, to) > MAX_RATE) throw bad(say`more than ${MAX_RATE}/s`)
    const isLast = i === pieces.length - 1
    const given = time === undefined ? null : Number(time) * SECONDS[unit as keyof typeof SECONDS]
    if (given === 0) throw bad(say`a stage of no length`)
    if (given === null && !isLast) throw bad(say`only the last stage may have no @time`)
    const rest = durationMs === null ? Number.POSITIVE_INFINITY : durationMs / 1_000 - before
    const seconds = given ?? rest
    if (seconds <= 0) throw bad(say`the stages before the last take the whole --duration`)
    if (from !== to && seconds === Number.POSITIVE_INFINITY) throw bad(say`a ramp needs a time: --duration, or @30s`)
    before += seconds
    return { from, to, seconds }
  })
}
