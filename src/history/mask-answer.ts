const TOKEN = /[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*/g
const HAS_DIGIT = /\d/
const ONLY_DIGITS = /^\d+$/
/** From here on, letters mixed with digits are an id: hex, uuid, base 32, `user-000123`. */
const ID_LENGTH = 8
/** The names that `--usernames random` makes; some have no digit. */
const RANDOM_USER = /^u[0-9a-hjkmnp-tv-z]{8}$/
/** Error codes such as E1001. */
const CODE_WORD = /^[A-Z]{1,3}\d{1,6}$/
const CODE_DIGITS = 6
/** A member, an assignment or an element that the number is the value of: `"code": 0`, `ret=-1`, `<code>0`. */
const NAME_BEFORE = /(?<![\w-])([A-Za-z_][A-Za-z_-]*)["']?\s*[:=>]\s*["']?-?$/
const NAME_REACH = 48
/** Names whose numbers count, measure or identify: they differ between answers that mean the same. */
const VARIES =
  /(?:num|number|count|total|left|stock|remain\w*|qty|quantity|amount|sold|time|timestamp|ts|date|elapsed|cost|ms|seq|index|rank|position|price|ttl|age|size|length|duration|inventory|purchase|limit|user|username|(?:^|_)id|Id|ID|uid)$/

/**
 * An answer without what differs between answers that mean the same: ids, users, counts, times. Numbers that may tell the
 * outcome stay (`{"code":0}` and `{"code":1}` are not alike): a short whole number that is all of the answer or the value
 * of a name that does not sound like a count. Masking twice changes nothing more.
 */
export const maskAnswer = (text: string): string => {
  if (/^-?\d{1,6}$/.test(text)) return text
  return text.replace(TOKEN, (token, at: number) => maskToken(token, text, at))
}

const maskToken = (token: string, text: string, at: number): string => {
  if (!HAS_DIGIT.test(token)) return RANDOM_USER.test(token) ? '#' : token
  if (ONLY_DIGITS.test(token)) return mayTellOutcome(token, text, at) ? token : '#'
  if (token.length >= ID_LENGTH) return '#'
  return CODE_WORD.test(token) ? token : token.replace(/\d+/g, '#')
}

const mayTellOutcome = (digits: string, text: string, at: number): boolean => {
  if (digits.length > CODE_DIGITS || /^[.:]\d/.test(text.slice(at + digits.length, at + digits.length + 2)))
    return false
  const name = NAME_BEFORE.exec(text.slice(Math.max(0, at - NAME_REACH), at))?.[1]
  return name !== undefined && !VARIES.test(name) && !RANDOM_USER.test(name)
}
