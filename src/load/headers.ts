import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { type Fields, hasPlaceholder, parseTemplate, renderer } from './template.js'
import type { Shot } from './transport.js'

type Texts = Readonly<Record<string, string>>

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** They say how the request is sent, which is the transport's business. */
const OWN_HEADERS = [
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]

/**
 * A function that writes headers, `given` over `defaults`, by name in lower case; the same object each time where none has a
 * placeholder. Throws usage errors, and so does the function where a value cannot stand in a header.
 */
export const compileHeaders = (defaults: Texts, given: Texts, fields: Fields): ((shot: Shot) => Texts) => {
  const values = new Map(Object.entries(defaults))
  for (const [name, value] of Object.entries(given)) {
    if (!HEADER_NAME.test(name)) throw usageError(say`${JSON.stringify(name)} is no header name`)
    if (OWN_HEADERS.includes(name.toLowerCase())) throw usageError(say`header ${name} cannot be set`, say`leave it out`)
    values.set(name.toLowerCase(), value)
  }
  const place = (name: string) => ({
    where: say`header ${name}`,
    fields,
    encode: (text: string) => headerBytes(name, text),
  })
  const writers = [...values].map(([name, value]) => [name, renderer(parseTemplate(value, place(name)))] as const)
  const write = (shot: Shot) => {
    const headers: Record<string, string> = {}
    for (const [name, writer] of writers) headers[name] = writer(shot)
    return headers
  }
  if ([...values.values()].some(hasPlaceholder)) return write
  const always = write(NOBODY)
  return () => always
}

const NOBODY: Shot = { userIndex: 0, copy: 0, user: '', quantity: 0 }

const PLAIN = /^[\x20-\x7e]*$/

const headerBytes = (name: string, text: string): string => {
  if (PLAIN.test(text)) return text
  if (/[^\t\P{Cc}]/u.test(text)) {
    throw usageError(
      say`header ${name} would hold a line break or control character`,
      say`take it out of the value or the user name`,
    )
  }
  return Buffer.from(text).toString('latin1')
}
