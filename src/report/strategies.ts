import { say, word } from '../language/say.js'
import type { InvariantId } from '../sale/invariant.js'

/** What a table says of a strategy. */
export interface StrategyRow {
  readonly name: string
  readonly layout: string
  readonly summary: string
  readonly breaks: {
    readonly always: readonly InvariantId[]
    readonly ifLockExpires?: readonly InvariantId[]
    readonly withSeveralWorkers?: readonly InvariantId[]
    readonly ifProcessDies?: readonly InvariantId[]
  }
  readonly requires?: { readonly command: string; readonly servers: string }
}

/** The invariants that a strategy breaks, in words. */
export const breaksText = ({ breaks }: StrategyRow, separator = ', '): string => {
  const always = breaks.always.length === 0 ? say`nothing` : breaks.always.join(separator)
  const gap = separator.replace(',', '')
  const further = (when: string, rules: readonly InvariantId[] | undefined) =>
    rules ? `;${gap}${when}:${gap}${rules.join(separator)}` : ''
  return [
    always,
    further(say`if its lock expires`, breaks.ifLockExpires),
    further(say`with several workers`, breaks.withSeveralWorkers),
    further(say`if a process dies`, breaks.ifProcessDies),
  ].join('')
}

/** What a strategy sends, and where it can. */
export const commandsText = ({ summary, requires }: StrategyRow): string =>
  requires ? say`${word(summary)}; only on ${word(requires.servers)}` : word(summary)

/** The strategies as a Markdown table, for the README. */
export const strategiesMarkdown = (rows: readonly StrategyRow[], head: readonly string[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const body = rows.map((row) => line([`\`${row.name}\``, row.layout, commandsText(row), breaksText(row)]))
  return [line(head), line(head.map(() => '---')), ...body].join('\n')
}
