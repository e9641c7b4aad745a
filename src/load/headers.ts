import { usageError } from '../errors.js'
import { type Fields, hasPlaceholder, parseTemplate, renderer } from './template.js'
import type { Shot } from './transport.js'

type Texts = Readonly<Record<string, string>>

/** The headers of a request; texts are the bytes to send, one a character. */
export interface CompiledHeaders {
  /** By name, in lower case. Throws a usage error where a value cannot stand in a header. */
  write(shot: Shot): Texts
  /** As HTTP/1.1 lines, each ended, `host` among them. Errors as {@link write}. */
  lines(shot: Shot): string
}

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

/** The headers `given` go before `defaults`. Throws usage errors. */
export const compileHeaders = (defaults: Texts, given: Texts, host: string, fields: Fields): CompiledHeaders => {
  const values = new Map(Object.entries(defaults))
  for (const [name, value] of Object.entries(given)) {
    if (!HEADER_NAME.test(name)) throw usageError(`${JSON.stringify(name)} is no header name`)
    if (OWN_HEADERS.includes(name.toLowerCase())) throw usageError(`header ${name} cannot be set`, 'leave it out')
    values.set(name.toLowerCase(), value)
  }
  const place = (name: string) => ({
    where: `header ${name}`,
    fields,
    encode: (text: string) => headerBytes(name, text),
  })
  const compiled = [...values].map(([name, value]) => ({ name, parts: parseTemplate(value, place(name)) }))
  const writers = compiled.map(({ name, parts }) => [name, renderer(parts)] as const)
  const write = (shot: Shot) => Object.fromEntries(writers.map(([name, writer]) => [name, writer(shot)]))
  const lines = renderer([
    values.has('host') ? '' : `host: ${host}\r\n`,
    ...compiled.flatMap(({ name, parts }) => [`${name}: `, ...parts, '\r\n']),
  ])
  if ([...values.values()].some(hasPlaceholder)) return { write, lines }
  const always = write(NOBODY)
  return { write: () => always, lines }
}

const NOBODY: Shot = { userIndex: 0, copy: 0, user: '', quantity: 0 }

const headerBytes = (name: string, text: string): string => {
  if (/[^\t\P{Cc}]/u.test(text)) {
    throw usageError(
      `header ${name} would hold a line break or control character`,
      'take it out of the value or the user name',
    )
  }
  return Buffer.from(text).toString('latin1')
}
