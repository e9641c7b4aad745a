import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'
import type { Decision } from './attempt.js'
import type { AttemptTable } from './attempt-table.js'

const QUEUED = outcomeCode('queued')

/**
 * What queued attempts came to, in columns: 14 bytes each, and some 6 more once one is looked for, so that ten million fit in
 * memory. Rows are in the order of the log, which is that of time.
 */
export class DecisionTable implements Iterable<Decision> {
  readonly length: number
  readonly userIndex: Uint32Array
  readonly copy: Uint8Array
  /** Positions in {@link OUTCOMES}. */
  readonly outcome: Uint8Array
  readonly decidedAtUs: Float64Array
  #index: Uint32Array | null = null

  constructor(length: number) {
    this.length = length
    this.userIndex = new Uint32Array(length)
    this.copy = new Uint8Array(length)
    this.outcome = new Uint8Array(length)
    this.decidedAtUs = new Float64Array(length)
  }

  static of(decisions: readonly Decision[]): DecisionTable {
    const table = new DecisionTable(decisions.length)
    decisions.forEach(({ userIndex, copy, outcome, decidedAtUs }, row) => {
      table.userIndex[row] = userIndex
      table.copy[row] = copy
      table.outcome[row] = outcomeCode(outcome)
      table.decidedAtUs[row] = decidedAtUs
    })
    return table
  }

  /** The first `length` rows, in the same memory. */
  head(length: number): DecisionTable {
    const columns = ['userIndex', 'copy', 'outcome', 'decidedAtUs'] as const
    const cut = columns.map((name) => ({ [name]: this[name].subarray(0, length) }))
    return Object.assign(new DecisionTable(0), { length }, ...cut)
  }

  outcomeAt(row: number): Outcome {
    return OUTCOMES[this.outcome[row] as number] ?? 'unknown'
  }

  *[Symbol.iterator](): Iterator<Decision> {
    for (let row = 0; row < this.length; row++) {
      yield {
        userIndex: this.userIndex[row] as number,
        copy: this.copy[row] as number,
        outcome: this.outcomeAt(row),
        decidedAtUs: this.decidedAtUs[row] as number,
      }
    }
  }

  /** Row of the decision about an attempt, the last one if there are several; -1 where it was not queued, or is undecided. */
  rowOf(attempts: AttemptTable, row: number): number {
    if (this.length === 0 || attempts.outcome[row] !== QUEUED) return -1
    this.#index ??= this.#indexed()
    return (this.#index[this.#placeOf(this.#index, attempts.userIndex[row]!, attempts.copy[row]!)] as number) - 1
  }

  /** Rows, counted from 1, where the hashes of their attempts put them; 0 is free. */
  #indexed(): Uint32Array {
    const index = new Uint32Array(2 ** Math.ceil(Math.log2(this.length * 1.4 + 1)))
    for (let row = 0; row < this.length; row++) {
      index[this.#placeOf(index, this.userIndex[row]!, this.copy[row]!)] = row + 1
    }
    return index
  }

  /** Where an attempt stands in the index, or would. */
  #placeOf(index: Uint32Array, userIndex: number, copy: number): number {
    const last = index.length - 1
    let place = Math.imul(userIndex ^ (copy << 24), 0x9e3779b1) >>> Math.clz32(last)
    for (; ; place = (place + 1) & last) {
      const row = (index[place] as number) - 1
      if (row < 0 || (this.userIndex[row] === userIndex && this.copy[row] === copy)) return place
    }
  }
}
