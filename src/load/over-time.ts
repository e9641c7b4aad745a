import { WideningBins } from './widening-bins.js'

const BINS = 160
const FIRST_WIDTH_US = 1_000
const COLUMNS = ['sent', 'answered', 'won', 'units'] as const

type Column = (typeof COLUMNS)[number]

/** What happened in each stretch of a run, from its start: attempts sent and answered, answers that sold, units sold. */
export type TimeSeries = { readonly widthMs: number } & Readonly<Record<Column, readonly number[]>>

/** Counts what happened when, in at most {@link BINS} stretches, however long the run. */
export class OverTime {
  readonly #bins = new WideningBins(BINS, COLUMNS.length, FIRST_WIDTH_US)

  add(column: Column, atUs: number, by = 1): void {
    this.#bins.add(atUs, COLUMNS.indexOf(column), by)
  }

  /** Up to the last stretch in which anything happened. */
  series(): TimeSeries {
    const { columns, widthUs } = this.#bins
    const used = 1 + Math.max(...columns.map((counts) => counts.findLastIndex((count) => count > 0)))
    const of = (column: Column) => [...(columns[COLUMNS.indexOf(column)] as Uint32Array).subarray(0, used)]
    return { widthMs: widthUs / 1_000, sent: of('sent'), answered: of('answered'), won: of('won'), units: of('units') }
  }
}
