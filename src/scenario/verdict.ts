import { EXIT } from '../errors.js'
import { say } from '../language/say.js'
import type { Expected } from '../sale-file/judging.js'

export type Verdict = 'pass' | 'fail' | 'inconclusive'

/** What a step that judges found. */
export interface Judged {
  readonly verdict: Verdict
  /** Rules that broke. */
  readonly broken: readonly string[]
}

/** What a whole scenario found, and whether it was to be found. */
export interface Found extends Judged {
  readonly expected: Expected
  readonly asExpected: boolean
  /** Why not; null where it was. */
  readonly surprise: string | null
}

/** The whole of what audit and race found: fail if one fails, else inconclusive if one is. Without any there is nothing to doubt. */
export const wholeOf = (parts: readonly Judged[]): Judged => {
  const has = (verdict: Verdict) => parts.some((part) => part.verdict === verdict)
  return {
    verdict: has('fail') ? 'fail' : has('inconclusive') ? 'inconclusive' : 'pass',
    broken: [...new Set(parts.flatMap(({ broken }) => broken))],
  }
}

/** Holds what was found against what the scenario expects; pass, where it does not say. */
export const heldAgainst = (whole: Judged, expected: Expected = 'pass'): Found => {
  const surprise = surpriseOf(whole, expected)
  return { ...whole, expected, asExpected: surprise === null, surprise }
}

const surpriseOf = ({ verdict, broken }: Judged, expected: Expected): string | null => {
  const wanted: Verdict = typeof expected === 'string' ? expected : 'fail'
  if (verdict !== wanted) {
    const what = typeof expected === 'string' ? expected : say`fail by ${expected.join(', ')}`
    return say`expected ${what}, found ${verdict}`
  }
  if (typeof expected === 'string') return null
  const others = broken.filter((id) => !expected.some((it) => it === id))
  return others.length === 0
    ? null
    : say`expected only ${expected.join(', ')} to break, but ${others.join(', ')} did, too`
}

/** 0 where it is as expected; a sale that breaks, or one that should have and does not, is a violation. */
export const exitCodeOf = ({ verdict, asExpected }: Found): number =>
  asExpected ? EXIT.ok : verdict === 'inconclusive' ? EXIT.inconclusive : EXIT.violated
