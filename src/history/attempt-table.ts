import { OUTCOMES, type Outcome, outcomeCode } from '../sale/outcome.js'
import type { Attempt } from './attempt.js'

/** Attempts in columns: 32 bytes each, so that ten million fit in memory. Rows are in order of completion. */
export class AttemptTable {
  readonly length: number
  readonly userIndex: Uint32Array
  readonly quantity: Uint16Array
  readonly copy: Uint8Array
  /** Positions in {@link OUTCOMES}. */
  readonly outcome: Uint8Array
  readonly status: Uint16Array
  readonly group: Uint16Array
  readonly intendedAtUs: Float64Array
  /** Microseconds from `intendedAtUs` to the send, and from the send to the answer. */
  readonly lagUs: Uint32Array
  readonly serviceUs: Uint32Array
  /** Time that connecting took; 0 on an open connection, and in logs of version 1. */
  readonly connectUs: Uint32Array

  constructor(length: number) {
    this.length = length
    this.userIndex = new Uint32Array(length)
    this.quantity = new Uint16Array(length)
    this.copy = new Uint8Array(length)
    this.outcome = new Uint8Array(length)
    this.status = new Uint16Array(length)
    this.group = new Uint16Array(length)
    this.intendedAtUs = new Float64Array(length)
    this.lagUs = new Uint32Array(length)
    this.serviceUs = new Uint32Array(length)
    this.connectUs = new Uint32Array(length)
  }

  static of(attempts: readonly Attempt[]): AttemptTable {
    const table = new AttemptTable(attempts.length)
    attempts.forEach((attempt, row) => {
      table.userIndex[row] = attempt.userIndex
      table.quantity[row] = attempt.quantity
      table.copy[row] = attempt.copy
      table.outcome[row] = outcomeCode(attempt.outcome)
      table.status[row] = attempt.status
      table.group[row] = attempt.group
      table.intendedAtUs[row] = attempt.intendedAtUs
      table.lagUs[row] = attempt.sentAtUs - attempt.intendedAtUs
      table.serviceUs[row] = attempt.doneAtUs - attempt.sentAtUs
      table.connectUs[row] = attempt.connectUs
    })
    return table
  }

  /** The first `length` rows, in the same memory. */
  head(length: number): AttemptTable {
    const table = new AttemptTable(0)
    const columns = [
      'userIndex',
      'quantity',
      'copy',
      'outcome',
      'status',
      'group',
      'intendedAtUs',
      'lagUs',
      'serviceUs',
      'connectUs',
    ] as const
    return Object.assign(table, { length }, ...columns.map((name) => ({ [name]: this[name].subarray(0, length) })))
  }

  outcomeAt(row: number): Outcome {
    return OUTCOMES[this.outcome[row] as number] as Outcome
  }

  sentAtUs(row: number): number {
    return (this.intendedAtUs[row] as number) + (this.lagUs[row] as number)
  }

  doneAtUs(row: number): number {
    return this.sentAtUs(row) + (this.serviceUs[row] as number)
  }
}
