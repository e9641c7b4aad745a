import { EXIT } from '../errors.js'
import { clauses, listed } from '../language/lists.js'
import { count, say, word } from '../language/say.js'
import { judgeable, type RaceRule } from '../race/judge.js'
import type { StrategyRace } from '../race/worlds/strategy.js'
import { breaksUnder, type Conditions } from '../strategies/breaks.js'
import type { Strategy } from '../strategies/strategy.js'
import { milliseconds, thousands } from './numbers.js'

/** One strategy over the portfolio; `result` is null where this server lacks what it needs. */
export interface RaceRow {
  readonly strategy: Strategy
  readonly under: Conditions
  readonly result: StrategyRace | null
}

/** Every rule that some order broke. */
const brokenIn = ({ settings }: StrategyRace): RaceRule[] =>
  [...new Set(settings.flatMap(({ broken }) => broken))].sort()

const declaredOf = ({ strategy, under }: RaceRow): RaceRule[] => judgeable(breaksUnder(strategy, under)).sort()

const asDeclared = (row: RaceRow): boolean =>
  row.result === null || brokenIn(row.result).join() === declaredOf(row).join()

const nameOf = ({ strategy, under: { lockExpiry, workers, crash } }: RaceRow): string =>
  clauses([
    strategy.name,
    ...(lockExpiry ? [say`lock may expire`] : []),
    ...(workers ? [count(workers, 'worker')] : []),
    ...(crash ? [say`a process may die`] : []),
  ])

/** 0: each breaks what it declares, and nothing else. */
export const exitCodeOfRaces = (rows: readonly RaceRow[]): number => {
  if (rows.some((row) => row.result?.exhaustive && !asDeclared(row))) return EXIT.violated
  return rows.every(({ result }) => result === null || result.exhaustive) ? EXIT.ok : EXIT.inconclusive
}

export const racesJson = (rows: readonly RaceRow[]) => ({
  strategies: rows.map((row) => ({
    ...{ strategy: row.strategy.name, lockExpiry: row.under.lockExpiry ?? false, verified: row.result !== null },
    ...{ workers: row.under.workers ?? null, crash: row.under.crash ?? false },
    schedules: row.result?.schedules ?? 0,
    exhaustive: row.result?.exhaustive ?? false,
    broken: row.result === null ? [] : brokenIn(row.result),
    ...{ declared: declaredOf(row), asDeclared: asDeclared(row) },
    elapsedMs: Math.round(row.result?.elapsedMs ?? 0),
  })),
})

export const renderRaces = async (rows: readonly RaceRow[]): Promise<string> => {
  const { tableOf } = await import('./style.js')
  const cells = rows.map((row) => {
    const { result, strategy } = row
    if (result === null)
      return [nameOf(row), '', '', say`not verified here: needs ${word(strategy.requires?.servers ?? '')}`]
    const broken = brokenIn(result).join('\n') || (result.exhaustive ? word('nothing') : say`nothing so far`)
    const note = asDeclared(row) ? '' : `\n${say`(declared: ${listed(declaredOf(row)) || word('nothing')})`}`
    return [nameOf(row), thousands(result.schedules), milliseconds(result.elapsedMs), broken + note]
  })
  return tableOf([say`strategy`, say`executions`, say`time`, say`breaks`], cells, { numbers: [1, 2] })
}
