/** Text as it may stand in a cell. */
export const cell = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ').replaceAll('<', '&lt;')

/** Columns that a text takes in a fixed-width font: two for each Chinese character and each mark of a verdict. */
const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, letter) =>
      sum +
      (/[\u2705\u274c\u2753\u2796\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        letter,
      )
        ? 2
        : 1),
    0,
  )

/** A table whose columns are aligned in the source too; all but the first one stand to the right where `numbers` is set. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = false } = {},
): string => {
  const all = [head, ...rows].map((row) => row.map(cell))
  const widths = head.map((_, i) => Math.max(3, ...all.map((row) => widthOf(row[i] ?? ''))))
  const line = (row: readonly string[]) =>
    `| ${widths
      .map((width, i) => {
        const text = row[i] ?? ''
        const space = ' '.repeat(width - widthOf(text))
        return numbers && i > 0 ? space + text : text + space
      })
      .join(' | ')} |`
  const rule = widths.map((width, i) => (numbers && i > 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(all[0] as string[]), `| ${rule.join(' | ')} |`, ...all.slice(1).map(line)].join('\n')
}
