import { expect, it } from 'vitest'
import { parseHead } from '../../src/load/transports/response-head.js'
import { ResponseMemo } from '../../src/load/transports/response-memo.js'
import { fc } from '../helpers/fc.js'

/** Few servers' moods, in few lengths, so that responses come again, and differ in a byte at every place. */
const response = fc
  .record({
    date: fc.constantFrom('10:00:01', '10:00:02', '10:00:03'),
    retryAfter: fc.constantFrom('', 'Retry-After: 1\r\n'),
    padding: fc.constantFrom(0, 1, 2, 3, 1_100),
    body: fc.constantFrom('sold', 'gone', 'late', '抢购', 'sole', 'hole'),
  })
  .map(({ date, retryAfter, padding, body }) => {
    const bytes = Buffer.from(' '.repeat(padding) + body)
    const head = `HTTP/1.1 200 OK\r\nDate: ${date}\r\n${retryAfter}Content-Length: ${bytes.length}`
    return { head, body: bytes, whole: Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]) }
  })

it('a response that is known again is the one that lies in the buffer, and one that came before is known', () => {
  fc.assert(
    fc.property(fc.array(response, { maxLength: 60 }), (responses) => {
      const buffer = Buffer.allocUnsafeSlow(65_536)
      const memo = new ResponseMemo(buffer)
      const seen = new Set<string>()
      for (const { head, body, whole } of responses) {
        whole.copy(buffer)
        const parts = memo.match(whole.length)
        if (parts === null) memo.learn(buffer.subarray(0, whole.length), parseHead(head, 'POST'))
        else {
          expect(seen).toContain(head)
          expect(parts.head).toEqual(parseHead(head, 'POST'))
          expect(parts.reply).toMatchObject({ status: 200, body })
          expect(parts.reply.headers).toEqual(head.includes('Retry-After') ? { 'retry-after': '1' } : undefined)
        }
        seen.add(head)
        // Right after it came it is known, for all that is read in between.
        const again = memo.match(whole.length)
        buffer.fill('x', whole.length, whole.length + 8)
        expect(again?.reply.body.equals(body)).toBe(true)
      }
    }),
  )
})

it('the bytes of a response are compared to the last', () => {
  const bytes = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
  const buffer = Buffer.alloc(4_096)
  const memo = new ResponseMemo(buffer)
  bytes.copy(buffer)
  memo.learn(buffer.subarray(0, bytes.length), parseHead(bytes.toString('latin1', 0, bytes.length - 4), 'POST'))
  for (let at = 0; at < bytes.length; at++) {
    bytes.copy(buffer)
    buffer[at]!++
    expect(memo.match(bytes.length)).toBeNull()
  }
  bytes.copy(buffer)
  expect(memo.match(bytes.length)).not.toBeNull()
})
