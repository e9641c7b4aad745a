import { z } from 'zod'
import { INVARIANTS, type InvariantId } from '../sale/invariant.js'
import { OUTCOMES } from '../sale/outcome.js'

/** What the documents of `--json` are made of. */

export const INVARIANT_IDS = Object.keys(INVARIANTS) as InvariantId[]

export const count = z.int().min(0)
export const milliseconds = z.number().min(0)
export const outcome = z.enum(OUTCOMES).meta({ id: 'outcome' })
export const invariant = z.enum(INVARIANT_IDS).meta({ id: 'invariant' })
export const verdict = z.enum(['pass', 'fail', 'inconclusive'])
