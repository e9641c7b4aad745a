import { say } from '../../language/say.js'

const WHOLE = /^-?\d{1,15}$/
const MAX_RAW = 80

/** The first four bytes of Java's object stream, as they come out of UTF-8. */
const JAVA = '\ufffd\ufffd\u0000\u0005'
const javaHint = () => say`Java serialization: give the RedisTemplate a StringRedisSerializer`

/** A decimal whole number that a JavaScript number holds exactly; NaN for anything else. */
export const wholeNumber = (text: string): number => (WHOLE.test(text) ? Number(text) : Number.NaN)

/** A value as it stands, for people: short, bytes that are no text as `\xac`. */
export const showRaw = (text: string): string => {
  const bytes = text.startsWith(JAVA) ? `\\xac\\xed\\x00\\x05${text.slice(JAVA.length)}` : text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const shown = bytes.slice(0, MAX_RAW).replace(/[\u0000-\u001f\u007f]/g, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return shown.replaceAll('\ufffd', '\\x??')
}

/** The same, in quotes. */
export const quoteRaw = (text: string): string => `"${showRaw(text).replaceAll('"', '\\"')}"`

/** What to do about a value that is not what it should be. */
export const whyUnreadable = (text: string, wanted: string): string =>
  text.startsWith(JAVA) ? javaHint() : say`not ${wanted}`

export const isJavaSerialized = (text: string): boolean => text.startsWith(JAVA)
