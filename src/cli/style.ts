import { Chalk, type ChalkInstance } from 'chalk'
import Table from 'cli-table3'
import type { Io, Output } from './io.js'

/** Colours and tables for one stream. */
export interface Style extends Pick<ChalkInstance, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'> {}

/**
 * Whether a stream gets colour: `--color/--no-color`, then FORCE_COLOR, then NO_COLOR, then TERM=dumb, then whether it is a
 * terminal. Ours to decide: chalk 5 does not look at NO_COLOR, and cli-table3 colours its borders into pipes.
 */
export const wantsColor = (env: Io['env'], output: Output, flag: boolean | undefined): boolean => {
  if (flag !== undefined) return flag
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  if (env.NO_COLOR) return false
  return env.TERM !== 'dumb' && output.isTerminal
}

export const styleFor = (color: boolean): Style => new Chalk({ level: color ? 1 : 0 })

export interface TableOptions {
  /** Columns set to the right. */
  readonly numbers?: readonly number[]
  /** Width of the last column, beyond which its words are wrapped. */
  readonly lastWidth?: number
}

/** A table of text cells with a header row. */
export const tableOf = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = [], lastWidth }: TableOptions = {},
): string => {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, column) => (numbers.includes(column) ? 'right' : 'left')),
    ...(lastWidth === undefined
      ? {}
      : { wordWrap: true, colWidths: head.map((_, i) => (i === head.length - 1 ? lastWidth : null)) }),
  })
  table.push(...rows.map((row) => [...row]))
  return table.toString()
}
