import { InvalidArgumentError } from 'commander'

/** Options that every command takes. */
export interface GlobalOptions {
  readonly file?: string
  readonly redis?: string
  readonly sale?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly seed?: number
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly yes?: boolean
  readonly allowRemote?: string
  readonly runsDir?: string
  readonly debug?: boolean
}

/** Parser of a whole number in `min`..`max`. */
export const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }

/** `5%` or `0.05` → 0.05. */
export const share = (text: string): number => {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const value = number === undefined ? Number.NaN : Number(number) / (percent === '%' ? 100 : 1)
  if (value >= 0 && value <= 1) return value
  throw new InvalidArgumentError('It must be a share such as 5% or 0.05.')
}

/** `1`, `2` or `1-2` → the range of units. */
export const quantityRange = (text: string): { min: number; max: number } => {
  const [, low, high] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text) ?? []
  const min = Number(low)
  const max = Number(high ?? low)
  if (low !== undefined && min >= 1 && min <= max) return { min, max }
  throw new InvalidArgumentError('It must be a number of units such as 1, or a range such as 1-2.')
}

/** `500ms`, `10s`, `2m` or plain seconds → milliseconds. */
export const durationMs = (text: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? []
  const value = Number(number) * ({ ms: 1, s: 1_000, m: 60_000 }[unit ?? 's'] as number)
  if (number !== undefined && value > 0 && value <= 86_400_000) return value
  throw new InvalidArgumentError('It must be a time such as 500ms, 10s or 2m.')
}

/** Gathers a repeatable option. */
export const repeat = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text]

/** Largest seed: what a JavaScript number holds exactly. */
export const seed = whole(0, Number.MAX_SAFE_INTEGER)
