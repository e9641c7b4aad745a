/** Characters that a terminal gives two columns: those of East Asia, their punctuation, full-width forms. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/** Columns that a text takes on a terminal. */
export const columns = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0)

/** As of String, counted in columns. */
export const padEnd = (text: string, width: number, filler = ' '): string =>
  text + filler.repeat(Math.max(0, width - columns(text)))

/** As of String, counted in columns. */
export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - columns(text))) + text
