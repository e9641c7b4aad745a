import { say } from '../../../language/say.js'
import { type Child, el, type Html } from './element.js'
import { details, table } from './parts.js'

/** A chart as the page's script draws it. `color` and `fill` name colours of the page. */
export interface Chart {
  readonly id: string
  readonly x: readonly number[]
  readonly xLabel: string
  readonly yLabel: string
  readonly series: readonly {
    readonly label: string
    readonly color: string
    readonly kind: 'line' | 'bars' | 'steps'
    readonly fill?: string
    readonly dash?: boolean
    readonly y: readonly number[]
  }[]
  /** Moments to be marked. */
  readonly marks: readonly { readonly x: number; readonly label: string }[]
  /** Labels of x, where it is no plain number. */
  readonly ticks?: readonly (readonly [number, string])[]
  readonly log?: boolean
  /** Charts of one name share the cursor. */
  readonly sync?: string
}

/** What a chart shows, in words and in numbers. */
interface Told {
  readonly title: string
  readonly text: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Child[])[]
}

/** The chart's place, a sentence in place of it, and its numbers for those who ask. */
export const figure = ({ id }: Pick<Chart, 'id'>, { title, text, head, rows }: Told): Html =>
  el(
    'figure',
    {},
    el('figcaption', {}, title),
    el('div', { id, class: 'chart', role: 'img', 'aria-label': `${title}: ${text}` }),
    el('p', { class: 'alt' }, text),
    details(say`the numbers`, table({ caption: title, head, rows })),
  )
