/** `12,345`. */
export const thousands = (n: number): string => n.toLocaleString('en-US')

/** `1.23 s`, `12.3 ms`. */
export const milliseconds = (ms: number): string =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms.toFixed(1)} ms`

/** `0.2 %` of a whole. */
export const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
