import { printable } from '../sale/shell-word.js'

/** An attempt as a bar. */
export interface Bar {
  readonly label: string
  readonly sentUs: number
  /** Infinity where no end is known. */
  readonly doneUs: number
  /** What is to be said about it. */
  readonly note?: string
}

const WIDTH = 40
/** Beyond that, a name would push the picture off the line. */
const MAX_LABEL = 40

/**
 * Attempts over time, a line each, in the order given, under a line with the first and the last moment:
 *
 *     ann sold 1      ├────┤
 *     eve sold_out 1     ├──┤  ← told so
 */
export const draw = (bars: readonly Bar[]): string[] => {
  const known = bars.flatMap(({ sentUs, doneUs }) => [sentUs, doneUs]).filter(Number.isFinite)
  const [from, until] = [Math.min(...known), Math.max(...known)]
  const column = (us: number) => Math.round(((Math.min(us, until) - from) * (WIDTH - 1)) / Math.max(until - from, 1))
  const labels = bars.map(({ label }) => shortened(printable(label)))
  const wide = Math.max(...labels.map(widthOf))
  const padded = (label: string) => label + ' '.repeat(wide - widthOf(label) + 2)
  const lines = bars.map(({ sentUs, doneUs, note }, i) => {
    const start = column(sentUs)
    const bar = ' '.repeat(start) + barOf(column(doneUs) - start, doneUs === Number.POSITIVE_INFINITY)
    return padded(labels[i] as string) + (note === undefined ? bar : `${bar.padEnd(WIDTH)} ← ${note}`)
  })
  const [first, last] = [inMs(from), inMs(until)]
  return [`${padded('')}${first} ${last.padStart(WIDTH - first.length - 1)}`, ...lines]
}

const inMs = (us: number): string => `${(us / 1_000).toFixed(3)} ms`

const barOf = (length: number, open: boolean): string =>
  length === 0 && !open ? '│' : `├${'─'.repeat(Math.max(0, length - 1))}${open ? '┄' : '┤'}`

const shortened = (label: string): string =>
  label.length <= MAX_LABEL ? label : `${label.slice(0, MAX_LABEL / 2)}…${label.slice(1 - MAX_LABEL / 2)}`

/** Columns on a terminal: Chinese characters take two. */
const widthOf = (text: string): number => [...text].reduce((sum, char) => sum + (char >= '\u2e80' ? 2 : 1), 0)
