import { z } from 'zod'
import { say } from '../language/say.js'

export const text = z.string().min(1)

export const whole = ([min, max]: readonly [number, number]) => z.int().min(min).max(max)

/** YAML reads `5` as a number; a form or a header holds text. */
export const fields = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], { error: () => say`must be text or a number` }),
)

export const share = z.union([z.number(), z.string()], { error: () => say`must be a share such as 5% or 0.05` })

export const time = z.union([z.string(), z.number()], { error: () => say`must be a time such as 500ms, 10s or 2m` })
