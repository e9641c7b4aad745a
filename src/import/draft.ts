import type { Notes } from './note.js'
import type { PlanElement } from './plan.js'
import type { Props } from './props.js'
import type { Variables } from './variables.js'

/** A CSV file that a plan reads. */
export interface DataSet {
  /** As the plan names it. */
  readonly file: string
  /** Null where the first line of the file names them. */
  readonly columns: readonly string[] | null
  /** The first line is no row, though `columns` are named. */
  readonly skipsFirst: boolean
  readonly delimiter: string
  readonly quoted: boolean
  readonly encoding: string
  readonly element: PlanElement
}

/** What is in force where a sampler makes its request, gathered from the outside in: what is nearer wins. */
export interface Draft {
  readonly sampler: PlanElement
  readonly notes: Notes
  readonly variables: Variables
  group: PlanElement | null
  /** Times that controllers repeat the sampler within an iteration. */
  repeats: number
  /** HTTP defaults, the nearest first. */
  readonly defaults: Props[]
  /** By name in lower case. */
  readonly headers: Map<string, { readonly name: string; readonly value: string; readonly element: PlanElement }>
  barrier: PlanElement | null
  throughput: PlanElement | null
  pause: PlanElement | null
  readonly tables: DataSet[]
  readonly assertions: PlanElement[]
  /** Captures by the variable that each fills, as the sale file writes them. */
  readonly captures: Map<string, string>
}

/** What seckill knows to make of an element of a plan. */
export interface ElementKind {
  readonly tags: readonly string[]
  read(element: PlanElement, draft: Draft): void
}
