import { type Command, InvalidArgumentError } from 'commander'
import { say } from '../language/say.js'
import type { ShapeOptions } from '../load/shape.js'
import { durationMs, share, whole } from './options.js'

/** Flags of `blast` that say when purchases leave, and from how many threads. */
export interface LoadOptions extends ShapeOptions {
  readonly attemptsPerUser?: number
  readonly workers?: number | 'auto'
}

const MOST_WORKERS = 64

const workers = (text: string): number | 'auto' => {
  if (text === 'auto') return text
  if (/^[1-9]\d?$/.test(text) && Number(text) <= MOST_WORKERS) return Number(text)
  throw new InvalidArgumentError(say`It must be a number from 1 to ${MOST_WORKERS}, or auto.`)
}

export const addLoadOptions = (command: Command): Command =>
  command
    .option('--rate <rate>', 'open load: 2000/s, 100/s..5000/s, 100/s@10s,500/s@30s (default: closed)')
    .option('--burst', 'connect all, write all but a byte, release together; --concurrency at a time (default: all)')
    .option('--duration <time>', 'stop sending after this time', durationMs)
    .option('--warmup <time>', 'do not measure what leaves in this time', durationMs)
    .option('--think-time <time>', 'pause between an answer and the next attempt', durationMs)
    .option('--attempts-per-user <n>', 'tries of every user, under way together', whole(1, 100))
    .option('--at <time>', 'start at this time of day, or ISO time')
    .option('--early <share>', 'with --at: share that leaves in the second before it', share)
    .option('--workers <n>', 'threads that send, or auto (default: 1)', workers)
