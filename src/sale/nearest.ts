import { say } from '../language/say.js'

/** Optimal string alignment: edits and swaps of neighbours that turn `a` into `b`. */
const distance = (a: string, b: string): number => {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

const MAX_WORD = 64

/** The candidate that `word` was probably meant to be: at most three edits, and fewer than half of its letters. */
export const nearest = (word: string, candidates: Iterable<string>): string | undefined => {
  if (word.length > MAX_WORD) return undefined
  let best: string | undefined
  let fewest = 4
  for (const candidate of candidates) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase())
    if (edits < fewest && edits * 2 < Math.max(word.length, candidate.length)) {
      best = candidate
      fewest = edits
    }
  }
  return best
}

/** `; did you mean load?`, or nothing. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
  const meant = nearest(word, candidates)
  return meant === undefined ? '' : say`; did you mean ${meant}?`
}
