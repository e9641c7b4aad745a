import { describe, expect, it } from 'vitest'
import { kindOf, mayBlock, publicArgs } from '../../src/redis/proxied-command.js'
import { FrameScanner, RespError } from '../../src/redis/resp.js'
import {
  decodeReply,
  RespErrorReply,
  type RespValue,
  replyText,
  wordsOf,
  wordText,
} from '../../src/redis/resp-values.js'
import { fc } from '../helpers/fc.js'

const REPLIES: readonly (readonly [wire: string, value: unknown, shown: string])[] = [
  ['+OK\r\n', 'OK', 'OK'],
  ['-WRONGTYPE no\r\n', new RespErrorReply('WRONGTYPE no'), '(error) WRONGTYPE no'],
  [':-7\r\n', -7, '-7'],
  [':9223372036854775807\r\n', 9223372036854775807n, '9223372036854775807'],
  ['$-1\r\n', null, '(nil)'],
  ['$0\r\n\r\n', '', '""'],
  ['$4\r\na\r\nb\r\n', 'a\r\nb', '"a\\r\\nb"'],
  ['$6\r\n张三\r\n', '张三', '张三'],
  ['*-1\r\n', null, '(nil)'],
  ['*0\r\n', [], '[]'],
  ['*3\r\n:1\r\n*2\r\n$1\r\nx\r\n$-1\r\n+y\r\n', [1, ['x', null], 'y'], '[1, [x, (nil)], y]'],
  ['_\r\n', null, '(nil)'],
  ['#t\r\n', true, 'true'],
  ['#f\r\n', false, 'false'],
  [',3.25\r\n', 3.25, '3.25'],
  [',-inf\r\n', Number.NEGATIVE_INFINITY, '-Infinity'],
  ['(3492890328409238509324850943850943825024385\r\n', 3492890328409238509324850943850943825024385n, ''],
  ['!8\r\nERR a\r\nb\r\n', new RespErrorReply('ERR a\r\nb'), ''],
  ['=8\r\ntxt:abcd\r\n', 'abcd', 'abcd'],
  ['%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n', ['a', 1, 'b', 2], '[a, 1, b, 2]'],
  ['~2\r\n+a\r\n+b\r\n', ['a', 'b'], '[a, b]'],
  ['>2\r\n+message\r\n+x\r\n', ['message', 'x'], ''],
  ['|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n', 'v', 'v'],
  ['*1\r\n|1\r\n+ttl\r\n:3\r\n%1\r\n+k\r\n_\r\n', [['k', null]], ''],
]

const REQUESTS: readonly (readonly [wire: string, words: readonly string[]])[] = [
  ['*1\r\n$4\r\nPING\r\n', ['PING']],
  ['*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\n\r\n\r\n\r\n', ['SET', 'k', '\r\n\r\n']],
  ['PING\r\n', ['PING']],
  ["set k \"a b\\x41\\n\" 'c\\'d'\n", ['set', 'k', 'a bA\n', "c'd"]],
  ['\r\n', []],
  ['*0\r\n', []],
  ['*-1\r\n', []],
]

const framesOf = (side: 'request' | 'reply', chunks: readonly Buffer[]): string[] => {
  const scanner = new FrameScanner(side)
  const frames: Buffer[] = []
  for (const chunk of chunks) {
    scanner.push(chunk)
    for (let frame = scanner.next(); frame !== null; frame = scanner.next()) frames.push(frame)
  }
  expect(scanner.rest()).toHaveLength(0)
  // Read only now: a frame stays valid while others follow.
  return frames.map((frame) => frame.toString())
}

const splitAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  return edges.slice(1).map((to, i) => Buffer.from(bytes.subarray(edges[i], to)))
}

describe.each([
  ['reply', REPLIES.map(([wire]) => wire)],
  ['request', REQUESTS.map(([wire]) => wire)],
] as const)('frames of a %s stream', (side, wires) => {
  const stream = Buffer.from(wires.join(''))

  it('are those that were sent, split at every byte', () => {
    for (let cut = 0; cut <= stream.length; cut++) expect(framesOf(side, splitAt(stream, [cut]))).toEqual(wires)
    expect(
      framesOf(
        side,
        [...stream].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual(wires)
  })

  it('are those that were sent, in any order, split anywhere', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom(...wires), { maxLength: 30 })
          .chain((order) =>
            fc.tuple(fc.constant(order), fc.array(fc.nat(Buffer.from(order.join('')).length), { maxLength: 12 })),
          ),
        ([order, cuts]) => {
          expect(framesOf(side, splitAt(Buffer.from(order.join('')), cuts))).toEqual(order)
        },
      ),
    )
  })

  it('arbitrary bytes are cut, refused or waited for, never misread twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(60), (bytes, cut) => {
        const read = (chunks: readonly Buffer[]) => {
          const scanner = new FrameScanner(side)
          const frames: string[] = []
          try {
            for (const chunk of chunks) {
              scanner.push(chunk)
              for (let frame = scanner.next(); frame !== null; frame = scanner.next())
                frames.push(frame.toString('latin1'))
            }
          } catch (error) {
            expect(error).toBeInstanceOf(RespError)
            frames.push('error')
          }
          return frames
        }
        const whole = Buffer.from(bytes)
        expect(read(splitAt(whole, [Math.min(cut, whole.length)]))).toEqual(read([whole]))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('FrameScanner', () => {
  it('is linear: a long string in small pieces is copied a bounded number of times', () => {
    const scanner = new FrameScanner('reply')
    const body = Buffer.alloc(8 * 1024 * 1024, 'x')
    scanner.push(Buffer.from(`$${body.length}\r\n`))
    const allocations: number[] = []
    const original = Buffer.allocUnsafeSlow
    Buffer.allocUnsafeSlow = (size) => {
      allocations.push(size)
      return original(size)
    }
    try {
      for (let at = 0; at < body.length; at += 1_000) {
        scanner.push(body.subarray(at, at + 1_000))
        expect(scanner.next()).toBeNull()
      }
      scanner.push(Buffer.from('\r\n'))
    } finally {
      Buffer.allocUnsafeSlow = original
    }
    expect(scanner.next()).toHaveLength(body.length + 12)
    expect(allocations.length).toBeLessThan(5)
  })

  it.each([
    ['reply', '?x\r\n', '"?x" begins no value'],
    ['reply', '$x\r\n', '"x" is no length'],
    ['reply', '*\r\n', 'a length is missing'],
    ['reply', '+OK\n', 'a line ends without CR'],
    ['reply', '$1\r\nabc\r\n', 'a string is longer than it says'],
    ['reply', '$536870913\r\n', 'a string of 536870913 bytes'],
    ['request', '*2147483648\r\n', 'an array of 2147483648 elements'],
    ['request', 'x'.repeat(65_537), 'a line of more than 65536 bytes'],
  ] as const)('refuses in a %s: %j', (side, wire, message) => {
    const scanner = new FrameScanner(side)
    scanner.push(Buffer.from(wire))
    expect(() => scanner.next()).toThrow(new RespError(message))
  })
})

describe('values', () => {
  it.each(REPLIES)('%j is decoded', (wire, value, shown) => {
    const decoded = decodeReply(Buffer.from(wire))
    expect(decoded).toEqual(value)
    if (shown !== '') expect(replyText(decoded)).toBe(shown)
  })

  it.each(REQUESTS)('the words of %j', (wire, words) => {
    expect(wordsOf(Buffer.from(wire))).toEqual(words)
  })

  it('bytes that are no UTF-8 keep one character each', () => {
    expect(decodeReply(Buffer.from([0x24, 0x32, 13, 10, 0xac, 0xed, 13, 10]))).toBe('\u00ac\u00ed')
  })

  it('nesting is bounded', () => {
    expect(() => decodeReply(Buffer.from(`${'*1\r\n'.repeat(200)}:1\r\n`))).toThrow(RespError)
  })

  it('long ones are cut for the eye', () => {
    expect(wordText('x'.repeat(200), 10)).toBe(`${'x'.repeat(10)}…`)
    const many: RespValue = Array.from({ length: 1_000 }, () => 'user')
    expect(replyText(many, 24)).toBe('[user, user, user, user, … 1000 in all]')
  })
})

describe('what a command is to the proxy', () => {
  it.each([
    ['DECRBY', ['goods', '1'], 'step'],
    ['WATCH', ['goods'], 'step'],
    ['EXEC', [], 'step'],
    ['HELLO', ['3'], 'housekeeping'],
    ['CLIENT', ['SETINFO', 'lib-name', 'x'], 'housekeeping'],
    ['CLIENT', ['reply', 'off'], 'streaming'],
    ['CLIENT', ['REPLY', 'SKIP'], 'silent'],
    ['SUBSCRIBE', ['x'], 'streaming'],
  ] as const)('%s %j: %s', (name, args, kind) => {
    expect(kindOf(name, args)).toBe(kind)
  })

  it('knows which may block', () => {
    expect(mayBlock('BLPOP', ['q', '0'])).toBe(true)
    expect(mayBlock('XREAD', ['block', '0', 'STREAMS', 's', '$'])).toBe(true)
    expect(mayBlock('XREAD', ['STREAMS', 's', '0'])).toBe(false)
  })

  it.each([
    ['AUTH', ['secret'], ['***']],
    ['AUTH', ['shop', 'secret'], ['shop', '***']],
    ['HELLO', ['3', 'AUTH', 'shop', 'secret', 'SETNAME', 'x'], ['3', 'AUTH', 'shop', '***', 'SETNAME', 'x']],
    [
      'MIGRATE',
      ['h', '1', 'k', '0', '9', 'AUTH2', 'shop', 'secret'],
      ['h', '1', 'k', '0', '9', 'AUTH2', 'shop', '***'],
    ],
    ['CONFIG', ['SET', 'requirepass', 'secret'], ['SET', 'requirepass', '***']],
    ['ACL', ['SETUSER', 'shop', 'on', '>secret'], ['SETUSER', 'shop', '***']],
    ['HSET', ['k', 'f', 'v'], ['k', 'f', 'v']],
  ] as const)('%s %j shows no password', (name, args, shown) => {
    expect(publicArgs(name, args)).toEqual(shown)
  })
})
