import { SeckillError } from '../errors.js'
import type { Judged, Verdict } from './verdict.js'

/** In this order. */
export const STEPS = ['seed', 'blast', 'audit', 'race'] as const

export type StepName = (typeof STEPS)[number]

export type Document = Readonly<Record<string, unknown>>

/** What a step came to: its document; what it found, where it judges. */
export interface StepEnd {
  readonly document: Document | null
  readonly judged?: Judged
}

export type Steps = Readonly<Partial<Record<StepName, () => Promise<StepEnd>>>>

/** A step that could not be made, though others before it were. */
export interface Failed {
  readonly step: StepName
  readonly error: SeckillError
}

export interface Course {
  readonly documents: Readonly<Partial<Record<StepName, Document | null>>>
  readonly judged: readonly Judged[]
  readonly failed: readonly Failed[]
}

/** What says nothing about the sale is judged as that. */
const NOTHING: Judged = { verdict: 'inconclusive' satisfies Verdict, broken: [] }

/**
 * Makes the steps that there are, in their order, until `stop` is aborted. Rejects where seed or blast do: there is nothing to
 * judge then. A judging step that cannot be made hides nothing that the others found.
 */
export const runSteps = async (steps: Steps, stop: AbortSignal): Promise<Course> => {
  const documents: Partial<Record<StepName, Document | null>> = {}
  const judged: Judged[] = []
  const failed: Failed[] = []
  for (const step of STEPS) {
    const make = steps[step]
    if (make === undefined || stop.aborted) continue
    try {
      const end = await make()
      documents[step] = end.document
      if (end.judged) judged.push(end.judged)
    } catch (error) {
      if (!(error instanceof SeckillError) || step === 'seed' || step === 'blast') throw error
      documents[step] = { error: { code: error.code, message: error.message, hint: error.hint ?? null } }
      judged.push(NOTHING)
      failed.push({ step, error })
    }
  }
  return { documents, judged, failed }
}
