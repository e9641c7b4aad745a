import { TextDecoder } from 'node:util'
import { systemCodeOf } from '../../errors.js'
import { say } from '../../language/say.js'
import { ordersError } from './error.js'

/** Bytes as text: UTF-8, or UTF-16 where a byte order mark says so. Errors: orders, for any other encoding. */
export async function* textOf(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<string> {
  let head = Buffer.alloc(0)
  let decoder: TextDecoder | undefined
  const decode = (bytes?: Buffer): string => {
    decoder ??= new TextDecoder(encodingOf(head), { fatal: true })
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch (error) {
      if (systemCodeOf(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error
      throw ordersError(name, null, say`not UTF-8`, say`save it as UTF-8: iconv -f GB18030 -t UTF-8`)
    }
  }
  for await (const chunk of chunks) {
    if (decoder !== undefined) yield decode(chunk)
    else {
      head = Buffer.concat([head, chunk])
      if (head.length >= 2) yield decode(head)
    }
  }
  yield decoder === undefined ? decode(head) : decode()
}

const encodingOf = ([first, second]: Buffer): string => {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
