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
export const requestWriter = ({ origin, method, build }: RequestTemplate): ((shot: Shot) => string) => {
  const { host } = new URL(origin)
  let lastPath: string | null = null
  let lastHeaders: Readonly<Record<string, string>> = {}
  let head = ''
  return (shot) => {
    const { path, headers, body } = build(shot)
    if (path !== lastPath || headers !== lastHeaders) {
      head = headOf(method, path, host, headers)
      lastPath = path
      lastHeaders = headers
    }
    if (body === null) return `${head}${WITH_LENGTH.includes(method) ? 'content-length: 0\r\n' : ''}\r\n`
    const length = Buffer.byteLength(body)
    const bytes = length === body.length ? body : Buffer.from(body).toString('latin1')
    return `${head}content-length: ${length}\r\n\r\n${bytes}`
  }
}

const headOf = (method: string, path: string, host: string, headers: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const hostLine = headers.host === undefined ? `host: ${host}\r\n` : ''
  return `${method} ${path} HTTP/1.1\r\n${hostLine}connection: keep-alive\r\n${lines.join('')}`
}
