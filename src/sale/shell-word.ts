/** A word as it may be pasted into a POSIX shell; control characters need bash or zsh. */
export const shellWord = (text: string): string => {
  if (/^[\w:/.,@%+=-]+$/.test(text)) return text
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", "'\\''")}'`
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/\p{Cc}/gu, (char) => `\\x${hex(char)}`)
  return `$'${escaped}'`
}

/** Text from a shop or its customers as it may reach a terminal or a report: what would move the cursor is written out. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (char) => `\\x${hex(char)}`)

const hex = (char: string): string => (char.codePointAt(0) as number).toString(16).padStart(2, '0')
