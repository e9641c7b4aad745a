import type { z } from 'zod'
import { audit } from './audited.js'
import { race, raceUrl } from './raced.js'

export type AuditDocument = z.infer<typeof audit>
export type RaceDocument = z.infer<typeof race> | z.infer<typeof raceUrl>

/** The audit that a kept document holds; null for any other, and for one that this version cannot read. */
export const asAudit = (document: unknown): AuditDocument | null => audit.safeParse(document).data ?? null

/** The race that a kept document holds, of a strategy or of a shop; null as with {@link asAudit}. */
export const asRace = (document: unknown): RaceDocument | null =>
  race.safeParse(document).data ?? raceUrl.safeParse(document).data ?? null
