// The global is a getter, called at every access.
import { Buffer } from 'node:buffer'
import type { RequestTemplate } from '../request.js'
import type { Shot } from '../transport.js'

/** Methods whose requests have a length even without a body. */
const WITH_LENGTH = ['POST', 'PUT', 'PATCH']

/**
 * A function that writes requests, one character a byte. Everything above the body is kept from one to the next while it
 * stays the same, so that what is written anew is the length and the body.
 */
export const requestWriter = ({ origin, method, isAscii, build }: RequestTemplate): ((shot: Shot) => string) => {
  const { host } = new URL(origin)
  let lastPath: string | null = null
  let lastHeaders: Readonly<Record<string, string>> = {}
  let lastLength = -1
  let head = ''
  let headWithLength = ''
  let isFlat = false
  return (shot) => {
    const { path, headers, body } = build(shot)
    if (path !== lastPath || headers !== lastHeaders) {
      head = headOf(method, path, host, headers)
      lastPath = path
      lastHeaders = headers
      lastLength = -1
    }
    if (body === null) return `${head}${WITH_LENGTH.includes(method) ? 'content-length: 0\r\n' : ''}\r\n`
    const length = isAscii ? body.length : Buffer.byteLength(body)
    if (length !== lastLength) {
      headWithLength = `${head}content-length: ${length}\r\n\r\n`
      lastLength = length
      isFlat = false
    } else if (!isFlat) {
      headWithLength = flat(headWithLength)
      isFlat = true
    }
    return headWithLength + (length === body.length ? body : Buffer.from(body).toString('latin1'))
  }
}

/** The same text in one piece: what was put together is kept in pieces, and would be gathered again with every request. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

const headOf = (method: string, path: string, host: string, headers: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const hostLine = headers.host === undefined ? `host: ${host}\r\n` : ''
  return `${method} ${path} HTTP/1.1\r\n${hostLine}connection: keep-alive\r\n${lines.join('')}`
}
