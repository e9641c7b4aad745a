import { brotliDecompressSync, constants, inflateSync, unzipSync } from 'node:zlib'
import { READ_BODY_BYTES } from './response-limits.js'

const BOUND = { maxOutputLength: READ_BODY_BYTES }
// What was cut is decoded as far as it goes.
const ZLIB = { ...BOUND, finishFlush: constants.Z_SYNC_FLUSH }
const BROTLI = { ...BOUND, finishFlush: constants.BROTLI_OPERATION_FLUSH }

const DECODERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => unzipSync(body, ZLIB),
  'x-gzip': (body) => unzipSync(body, ZLIB),
  deflate: (body) => inflateSync(body, ZLIB),
  br: (body) => brotliDecompressSync(body, BROTLI),
}

/** A body that some server compressed although nobody asked it to, as text again; as it came where that fails. */
export const decodeContent = (body: Buffer, contentEncoding: string): Buffer => {
  const decode = DECODERS[contentEncoding]
  if (decode === undefined || body.length === 0) return body
  try {
    return decode(body)
  } catch {
    return body
  }
}
