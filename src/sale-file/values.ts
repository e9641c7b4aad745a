import { say } from '../language/say.js'

/** Units that users ask for: from `min` to `max`. */
export interface Units {
  readonly min: number
  readonly max: number
}

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|z|[+-]\d\d:?\d\d)$/

/** `2026-11-11T20:00:00+08:00` → ms since 1970; undefined for anything else: a time without its offset means another one elsewhere. */
export const parseInstant = (value: string): number | undefined => {
  const ms = INSTANT.test(value) ? Date.parse(value.replace(' ', 'T')) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

const positive = (value: number): boolean => Number.isFinite(value) && value > 0

/** `500ms`, `10s`, `2m`, `1h` or a number of seconds → milliseconds; undefined for anything else. */
export const parseDuration = (value: string | number): number | undefined => {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(value)) ?? []
  const ms = Number(number) * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit] ?? Number.NaN)
  return positive(ms) && ms <= 86_400_000 ? ms : undefined
}

/** How {@link parseDuration} is written. */
export const timeForm = (): string => say`a time such as 500ms, 10s or 2m`

/** `5%` or 0.05 → 0.05; undefined for anything else. */
export const parseShare = (value: string | number): number | undefined => {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(String(value)) ?? []
  const share = Number(number) / (percent === '%' ? 100 : 1)
  return share >= 0 && share <= 1 ? share : undefined
}

/** `2` or `1-2` → the range; undefined for anything else. */
export const parseUnits = (value: string | number): Units | undefined => {
  const [, low, high = low] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(String(value)) ?? []
  const [min, max] = [Number(low), Number(high)]
  return min >= 1 && min <= max ? { min, max } : undefined
}

/** `200/s` → 200; undefined for anything else. */
export const parsePerSecond = (value: string): number | undefined => {
  const rate = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(value)?.[1])
  return positive(rate) ? rate : undefined
}
