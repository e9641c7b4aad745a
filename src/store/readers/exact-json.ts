const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs
const MANY_DIGITS = /\d{16}/
const BIG_INTEGER = /^-?[1-9]\d{15,}$/

/**
 * Parses JSON, an integer of 16 digits or more as the text that stands there: above 2^53 a JavaScript number would make one
 * of two ids. Throws a SyntaxError where JSON.parse does.
 */
export const parseExactly = (text: string): unknown => {
  if (!MANY_DIGITS.test(text)) return JSON.parse(text)
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (BIG_INTEGER.test(token) ? `"${token}"` : token)))
}
