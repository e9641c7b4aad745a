import type { HttpReply } from '../transport.js'

/** What the lines above a body say. */
export interface ResponseHead {
  readonly status: number
  readonly contentType: string
  /** Of the body as it travels, such as gzip; empty for none. */
  readonly contentEncoding: string
  readonly framing: Framing
  /** Whether the connection can serve another request after it. */
  readonly keepAlive: boolean
  /** Seconds that the server keeps an idle connection, where it says so. */
  readonly idleSeconds: number | null
  /** When to ask again, as the server wrote it; undefined where it says nothing. */
  readonly retryAfter: string | undefined
}

/** What an attempt is told by a head and the body below it. */
export const replyOf = ({ status, contentType, retryAfter }: ResponseHead, body: Buffer): HttpReply =>
  retryAfter === undefined
    ? { kind: 'http', status, contentType, body }
    : { kind: 'http', status, contentType, body, headers: { 'retry-after': retryAfter } }

/** How the body ends: after so many bytes, with the last chunk, or with the connection. */
export type Framing = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' | 'until_close' }

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/
const FIELD_LINE = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/s

/** Why a head is none; sits in the note of the attempt. */
export class NotHttp extends Error {}

/** Reads a head, one character a byte, without the empty line that ends it. Throws {@link NotHttp}. RFC 9112, sections 4 to 6. */
export const parseHead = (text: string, method: string): ResponseHead => {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, code] = STATUS_LINE.exec(first) ?? []
  if (code === undefined) throw new NotHttp('not HTTP/1.1')
  const fields = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = FIELD_LINE.exec(line) ?? []
    if (name === undefined || value === undefined) throw new NotHttp('not HTTP/1.1: a bad header line')
    const key = name.toLowerCase()
    const earlier = fields.get(key)
    fields.set(key, earlier === undefined ? value : `${earlier},${value}`)
  }
  const status = Number(code)
  const framing = framingOf(status, method, fields)
  const connection = tokens(fields.get('connection'))
  const persistent = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive')
  const idle = /(?:^|[\s,;])timeout=(\d{1,6})/i.exec(fields.get('keep-alive') ?? '')?.[1]
  return {
    status,
    contentType: fields.get('content-type') ?? '',
    contentEncoding: (fields.get('content-encoding') ?? '').toLowerCase(),
    framing,
    keepAlive: persistent && framing.kind !== 'until_close',
    idleSeconds: idle === undefined ? null : Number(idle),
    retryAfter: fields.get('retry-after'),
  }
}

const framingOf = (status: number, method: string, fields: ReadonlyMap<string, string>): Framing => {
  const length = contentLength(fields.get('content-length'))
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 }
  const coding = fields.get('transfer-encoding')
  if (coding === undefined) return length === null ? { kind: 'until_close' } : { kind: 'length', bytes: length }
  // Two lengths are how requests are smuggled; what the server meant is anybody's guess.
  if (length !== null) throw new NotHttp('not HTTP/1.1: both content-length and transfer-encoding')
  return { kind: tokens(coding).at(-1) === 'chunked' ? 'chunked' : 'until_close' }
}

const contentLength = (text: string | undefined): number | null => {
  if (text === undefined) return null
  if (!/^\d{1,15}$/.test(text)) throw new NotHttp('not HTTP/1.1: a bad content-length')
  return Number(text)
}

const tokens = (value = ''): string[] => value.toLowerCase().split(/[\s,]+/)
