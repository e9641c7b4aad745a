/** Process exit codes: the one table, as documented in the README. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  unreachable: 3,
  inconclusive: 4,
  violated: 10,
  threshold: 99,
  interrupted: 130,
  terminated: 143,
} as const

/** The one that counts most comes first. */
const PRECEDENCE: readonly number[] = [
  ...[EXIT.interrupted, EXIT.terminated, EXIT.violated],
  ...[EXIT.unexpected, EXIT.usage, EXIT.unreachable],
  ...[EXIT.inconclusive, EXIT.threshold, EXIT.ok],
]

/** The exit code of what ended in several ways. */
export const worstExit = (...codes: readonly number[]): number =>
  PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.ok

/** Stable error codes (they appear in `--json`), each with the exit code it leads to. */
const EXIT_BY_CODE = {
  unexpected: EXIT.unexpected,
  disk: EXIT.unexpected,
  usage: EXIT.usage,
  sale_file: EXIT.usage,
  run_log: EXIT.usage,
  orders: EXIT.usage,
  redis_auth: EXIT.usage,
  wrong_type: EXIT.usage,
  meta_missing: EXIT.usage,
  meta_newer: EXIT.usage,
  refused_overwrite: EXIT.usage,
  remote_refused: EXIT.usage,
  port_in_use: EXIT.usage,
  unsupported: EXIT.usage,
  start_failed: EXIT.unreachable,
  login_failed: EXIT.unreachable,
  redis_unreachable: EXIT.unreachable,
  redis_busy: EXIT.unreachable,
  redis_missing: EXIT.unreachable,
  target_unreachable: EXIT.unreachable,
  burst_unfilled: EXIT.inconclusive,
  not_explorable: EXIT.inconclusive,
  interrupted: EXIT.interrupted,
} as const

export type ErrorCode = keyof typeof EXIT_BY_CODE

export const ERROR_CODES = Object.keys(EXIT_BY_CODE) as readonly ErrorCode[]

/**
 * An expected failure, told in one line: what is wrong, then what to do.
 * `message` and `hint` must never contain a password.
 */
export class SeckillError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly exitCode: number

  constructor(code: ErrorCode, message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SeckillError'
    this.code = code
    this.hint = hint
    this.exitCode = EXIT_BY_CODE[code]
  }
}

/** Wrong use of a flag, an argument or a file: exit 2. */
export const usageError = (message: string, hint?: string): SeckillError => new SeckillError('usage', message, hint)

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A Node system error code such as `ENOSPC`, if the value carries one. */
export const systemCodeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
