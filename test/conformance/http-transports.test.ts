import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readAnswer } from '../../src/history/answer.js'
import { Classifier } from '../../src/load/classify.js'
import { compileRequest, type TargetSpec } from '../../src/load/request.js'
import type { Answer, GatedTransport, Shot } from '../../src/load/transport.js'
import { KEPT_BODY_BYTES } from '../../src/load/transports/response-limits.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { UndiciTransport } from '../../src/load/transports/undici.js'
import { unreachable } from '../../src/load/transports/unreachable.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { DOCUMENT_MESSAGES } from '../../src/sale/http-contract.js'
import { type RawRequest, type RawServer, rawServer, response } from '../helpers/raw-http.js'
import { arm, send } from '../helpers/transport.js'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const NEVER_ACCEPTS = `
  const server = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000)
    process.exit()
  })`
const LONG_MS = 20_000
const SHORT_MS = 200

const shot = (userIndex: number): Shot => ({ userIndex, copy: 0, user: `用户 ${userIndex}`, quantity: 2 })
const outcomeOf = ({ reply }: Answer) => new Classifier([]).classify(reply).outcome
const textOf = ({ reply }: Answer) =>
  reply.kind === 'http' ? readAnswer(reply.body, reply.contentType).text : reply.note
const escaped = (text: string) => text.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Writes bytes one by one, each in its own turn of the event loop, hence (without delay) in its own packet. */
const drip = async (socket: Socket, bytes: Buffer): Promise<void> => {
  for (const byte of bytes) {
    socket.write(Buffer.of(byte))
    await new Promise(setImmediate)
  }
}

/** Writes a line over and over, until nobody listens. */
const pour = (socket: Socket, first: string, line: string): void => {
  socket.write(first)
  const block = line.repeat(1_000)
  const go = () => {
    while (socket.writable && socket.write(block));
  }
  socket.on('drain', go)
  go()
}

const TRANSPORTS = { socket: SocketTransport, undici: UndiciTransport }

describe.each(Object.entries(TRANSPORTS))('%s', (name, Transport) => {
  // undici calls some answers broken that are not: over it they count as unknown.
  const itSocket = it.runIf(name === 'socket')

  const start = async (
    answer: (request: RawRequest, socket: Socket) => void,
    { timeoutMs = LONG_MS, slots = 1, ...spec }: Partial<TargetSpec> & { timeoutMs?: number; slots?: number } = {},
  ): Promise<{ server: RawServer; transport: GatedTransport }> => {
    const server = await rawServer(answer)
    cleanups.push(server.close)
    const request = compileRequest({ url: `${server.url}/seckill`, ...spec })
    const transport = new Transport({ request, timeoutMs, nowUs: monotonicUs })
    cleanups.push(() => transport.close())
    await transport.open(slots)
    return { server, transport }
  }

  describe('answers', () => {
    it('sends the form and reads the answer', async () => {
      const { server, transport } = await start((_request, socket) =>
        socket.write(response(`"${escaped('恭喜您，您已抢到。')}"\n`)),
      )
      const answer = await send(transport, 0, shot(7))
      expect(outcomeOf(answer)).toBe('sold')
      expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/seckill' })
      expect([...new URLSearchParams(server.requests[0]!.body)]).toEqual([
        ['username', '用户 7'],
        ['purchase', '2'],
      ])
      expect(server.requests[0]!.head).toMatch(/^content-type: application\/x-www-form-urlencoded$/im)
      expect(answer.sentAtUs).toBeLessThanOrEqual(answer.doneAtUs)
      expect(answer.connectUs).toBeGreaterThan(0)
    })

    it.each(Object.entries(DOCUMENT_MESSAGES))('%s arriving byte by byte, in UTF-8', async (outcome, message) => {
      const { transport } = await start((_request, socket) => void drip(socket, response(`"${message}"\n`)))
      expect(outcomeOf(await send(transport, 0, shot(1)))).toBe(outcome)
    })

    it('chunked, the chunks cutting characters and escapes', async () => {
      const body = Buffer.from(`"${escaped('很遗憾')}，抢购已经结束。"`)
      const { transport } = await start((_request, socket) => {
        const chunks = [...body].map((byte) =>
          Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]),
        )
        socket.write(
          Buffer.concat([
            Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'),
            ...chunks,
            Buffer.from('0\r\n\r\n'),
          ]),
        )
      })
      expect(outcomeOf(await send(transport, 0, shot(1)))).toBe('sold_out')
      expect(outcomeOf(await send(transport, 0, shot(2)))).toBe('sold_out')
    })

    it('GBK, where the content type says so', async () => {
      const gbk = Buffer.from('c7c0b9ba', 'hex')
      const { transport } = await start((_request, socket) =>
        socket.write(response(gbk, 'content-type: text/plain; charset=GBK\r\n')),
      )
      expect(textOf(await send(transport, 0, shot(1)))).toBe('抢购')
    })

    it('keeps one connection per slot, and a new one after Connection: close', async () => {
      const { server, transport } = await start(
        ({ body }, socket) => {
          if (body.includes('+3')) socket.end(response('"x"', 'connection: close\r\n'))
          else socket.write(response('"x"'))
        },
        { slots: 2 },
      )
      // That the target is there was tried with one.
      await expect.poll(() => server.connections()).toBe(1)
      const answers: Answer[] = []
      for (const user of [1, 2, 3, 4]) answers.push(await send(transport, 0, shot(user)))
      answers.push(await send(transport, 1, shot(5)))
      expect(answers.map(textOf)).toEqual(['x', 'x', 'x', 'x', 'x'])
      expect(answers.map(({ connectUs }) => connectUs > 0)).toEqual([true, false, false, true, true])
      expect(server.connections()).toBe(1 + 3)
    })

    it('until the end of the connection, where there is no length', async () => {
      const { transport } = await start((_request, socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n"恭喜您，您已抢到。"'))
      expect(outcomeOf(await send(transport, 0, shot(1)))).toBe('sold')
    })

    it('a page of HTML with 500 is unknown, 404 an error, 429 throttled', async () => {
      const statuses = ['500 Internal Server Error', '404 Not Found', '429 Too Many Requests']
      const { transport } = await start(
        ({ path }, socket) =>
          socket.write(response('<html>oops</html>', 'content-type: text/html\r\n', statuses[Number(path.slice(1))])),
        { path: '/{{index}}' },
      )
      const outcomes = []
      for (const index of [0, 1, 2]) outcomes.push(outcomeOf(await send(transport, 0, shot(index))))
      expect(outcomes).toEqual(['unknown', 'error', 'throttled'])
    })

    it('cuts an endless body and goes by what it read', async () => {
      const { server, transport } = await start(({ body }, socket) => {
        if (body.includes('+2')) return socket.write(response('"next"'))
        socket.write('HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n')
        const pour = () => {
          while (socket.writable && socket.write(`4000\r\n${'x'.repeat(0x4000)}\r\n`));
        }
        socket.on('drain', pour)
        return pour()
      })
      const answer = await send(transport, 0, shot(1))
      expect(answer.reply).toMatchObject({ kind: 'http', status: 404 })
      expect(answer.reply.kind === 'http' && answer.reply.body.length).toBe(KEPT_BODY_BYTES)
      expect(textOf(await send(transport, 0, shot(2)))).toBe('next')
      expect(server.requests).toHaveLength(2)
    })

    const soldAfter = async (interim: string) => {
      const { server, transport } = await start((_request, socket) =>
        socket.write(Buffer.concat([Buffer.from(interim), response('"恭喜您，您已抢到。"')])),
      )
      for (const user of [1, 2, 3]) expect(outcomeOf(await send(transport, 0, shot(user)))).toBe('sold')
      expect(server.connections()).toBe(2)
    }
    it('interim answers first', () =>
      soldAfter('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'))
    itSocket('100 Continue first, which nobody asked for', () => soldAfter('HTTP/1.1 100 Continue\r\n\r\n'))

    it.each([
      ['204', '204 No Content', ''],
      ['304', '304 Not Modified', 'etag: "x"\r\n'],
      ['an empty body', '200 OK', 'content-length: 0\r\n'],
    ])('%s has no body', async (_name, status, headers) => {
      const { server, transport } = await start((_request, socket) =>
        socket.write(`HTTP/1.1 ${status}\r\n${headers}\r\n`),
      )
      for (const user of [1, 2]) {
        const answer = await send(transport, 0, shot(user))
        expect(answer.reply).toMatchObject({ kind: 'http', status: Number.parseInt(status, 10) })
        expect(textOf(answer)).toBe('')
      }
      expect(server.connections()).toBe(2)
    })

    itSocket('304 with the length of what it does not send', async () => {
      const { transport } = await start((_request, socket) =>
        socket.write('HTTP/1.1 304 Not Modified\r\ncontent-length: 500\r\n\r\n'),
      )
      for (const user of [1, 2]) expect((await send(transport, 0, shot(user))).reply).toMatchObject({ status: 304 })
    })

    it('chunks with extensions and trailers, cut anywhere', async () => {
      const bytes = Buffer.from(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n"ab\r\n0A\r\ncdefghijk"\r\n00\r\nx-sum: 1\r\n\r\n',
      )
      const { server, transport } = await start(
        ({ path }, socket) => {
          const cut = Number(path.slice(1))
          socket.write(bytes.subarray(0, cut))
          setImmediate(() => socket.write(bytes.subarray(cut)))
        },
        { path: '/{{index}}' },
      )
      for (let cut = 1; cut < bytes.length; cut++)
        expect(textOf(await send(transport, 0, shot(cut)))).toBe('abcdefghijk')
      expect(server.connections()).toBe(2)
    })

    it('gzip that nobody asked for', async () => {
      const body = gzipSync('"恭喜您，您已抢到。"')
      const { transport } = await start((_request, socket) =>
        socket.write(response(body, 'Content-Encoding: gzip\r\n')),
      )
      for (const user of [1, 2]) expect(outcomeOf(await send(transport, 0, shot(user)))).toBe('sold')
    })

    it('heads that differ in case, space and order, one after the other', async () => {
      const heads = [
        'content-length:  12  \r\nContent-Type:text/plain',
        'CONTENT-TYPE: text/plain\r\nContent-Length: 12',
        'x: \r\nContent-Length: 12\r\ncontent-type: text/plain',
      ]
      const { transport } = await start(
        ({ path }, socket) =>
          socket.write(
            `HTTP/1.1 200 ${'OK'.repeat(Number(path.slice(1)) % 3)}\r\n${heads[Number(path.slice(1)) % 3]}\r\n\r\n${path.padEnd(12, '.')}`,
          ),
        { path: '/{{index}}' },
      )
      for (let i = 0; i < 30; i++) {
        const { reply } = await send(transport, 0, shot(i))
        expect(reply).toMatchObject({ kind: 'http', contentType: 'text/plain' })
        expect(reply.kind === 'http' && reply.body.toString()).toBe(`/${i}`.padEnd(12, '.'))
      }
    })

    it('bytes behind the answer end the connection, and never become the next answer', async () => {
      const { server, transport } = await start(({ body }, socket) => {
        const answer = response(`"${body.includes('+1') ? 'first' : 'second'}"`)
        socket.write(body.includes('+1') ? Buffer.concat([answer, response('"stray"')]) : answer)
      })
      expect(textOf(await send(transport, 0, shot(1)))).toBe('first')
      expect(textOf(await send(transport, 0, shot(2)))).toBe('second')
      expect(server.requests).toHaveLength(2)
    })

    it('bytes that come before the next request are no answer to it', async () => {
      let idle: Socket | undefined
      const { transport } = await start((_request, socket) => {
        idle = socket
        socket.write(response('"asked for"'))
      })
      expect(textOf(await send(transport, 0, shot(1)))).toBe('asked for')
      const gone = once(idle!, 'close')
      idle!.write(response('"not asked for"'))
      await gone
      expect(textOf(await send(transport, 0, shot(2)))).toBe('asked for')
    })

    it('a gigabyte: cut, and counted by its status', async () => {
      const before = process.memoryUsage().rss
      const { transport } = await start(({ body }, socket) => {
        if (body.includes('+2')) return socket.write(response('"next"'))
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n')
        const block = Buffer.alloc(0x10000, 'x')
        const pour = () => {
          while (socket.writable && socket.write(block));
        }
        socket.on('drain', pour)
        return pour()
      })
      expect((await send(transport, 0, shot(1))).reply).toMatchObject({ kind: 'http', status: 200 })
      expect(textOf(await send(transport, 0, shot(2)))).toBe('next')
      expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
    })

    it('reads the whole of a long body and keeps its beginning', async () => {
      const { server, transport } = await start((_request, socket) =>
        socket.write(response('y'.repeat(KEPT_BODY_BYTES * 3))),
      )
      for (const user of [1, 2]) {
        const { reply } = await send(transport, 0, shot(user))
        expect(reply.kind === 'http' && reply.body.toString()).toBe('y'.repeat(KEPT_BODY_BYTES))
      }
      expect(server.connections()).toBe(2)
    })
  })

  describe('failures', () => {
    const failed = (answer: Answer) => ({ ...answer.reply, requests: undefined })

    it.each<[string, (socket: Socket) => void]>([
      ['reset before a response', (socket) => socket.resetAndDestroy()],
      ['closed before a response', (socket) => socket.end()],
      ['reset in the middle of the head', (socket) => socket.write('HTTP/1.1 200 O', () => socket.resetAndDestroy())],
      [
        'reset in the middle of the body',
        (socket) => socket.write(response('"恭喜您，您已抢到。"').subarray(0, -3), () => socket.resetAndDestroy()),
      ],
      ['closed in the middle of the body', (socket) => socket.end(response('"恭喜您，您已抢到。"').subarray(0, -3))],
      [
        'closed in the middle of a chunk',
        (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc'),
      ],
      ['not HTTP', (socket) => socket.write('-ERR unknown command\r\n')],
      ['header lines without end', (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n', 'x: y\r\n')],
      ['a header line without end', (socket) => pour(socket, 'HTTP/1.1 200 OK\r\nx: ', 'yyyyyyyy')],
      ['two lengths', (socket) => socket.write(response('"恭喜您，您已抢到。"', 'content-length: 3\r\n'))],
      ['a length and chunks', (socket) => socket.write(response('"x"', 'transfer-encoding: chunked\r\n'))],
      ['a length that is none', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n')],
      ['a line that is no header', (socket) => socket.write('HTTP/1.1 200 OK\r\noops\r\n\r\n')],
      ['a status that is none', (socket) => socket.write('HTTP/1.1 2x0 OK\r\ncontent-length: 0\r\n\r\n')],
      [
        'a chunk that is none',
        (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'),
      ],
      [
        'a chunk longer than it said',
        (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n'),
      ],
      [
        'an upgrade that nobody asked for',
        (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      ],
    ])('%s: unknown, delivered once, and the slot goes on', async (_name, fail) => {
      const { server, transport } = await start(({ body }, socket) => {
        if (body.includes('+2')) socket.write(response('"恭喜您，您已抢到。"'))
        else fail(socket)
      })
      const first = await send(transport, 0, shot(1))
      expect(failed(first)).toMatchObject({ kind: 'failed', outcome: 'unknown' })
      expect(textOf(first)).not.toBe('')
      expect(outcomeOf(await send(transport, 0, shot(2)))).toBe('sold')
      expect(server.requests.map(({ body }) => body.includes('+1'))).toEqual([true, false])
    })

    it('GET is not retried either', async () => {
      const { server, transport } = await start((_request, socket) => socket.resetAndDestroy(), {
        method: 'GET',
        path: '/?u={{user}}',
      })
      expect(outcomeOf(await send(transport, 0, shot(1)))).toBe('unknown')
      await transport.close()
      expect(server.requests.map(({ path }) => path)).toEqual(['/?u=%E7%94%A8%E6%88%B7%201'])
    })

    it('no answer in time: unknown, delivered once, and the slot goes on', async () => {
      const { server, transport } = await start(
        ({ body }, socket) => {
          if (body.includes('+2')) socket.write(response('"恭喜您，您已抢到。"'))
          else if (body.includes('+3')) socket.write(response('12345').subarray(0, -1))
        },
        { timeoutMs: SHORT_MS },
      )
      const hung = await send(transport, 0, shot(1))
      expect(hung.reply).toEqual({ kind: 'failed', outcome: 'unknown', note: 'timeout' })
      expect(hung.doneAtUs - hung.sentAtUs).toBeGreaterThan((SHORT_MS / 2) * 1_000)
      expect(outcomeOf(await send(transport, 0, shot(2)))).toBe('sold')
      expect((await send(transport, 0, shot(3))).reply).toMatchObject({
        outcome: 'unknown',
        note: expect.stringMatching(/^timeout, after status 200/),
      })
      expect(server.requests).toHaveLength(3)
    })

    it('a connection reset while idle is replaced, and no request is lost or doubled', async () => {
      const idle: Socket[] = []
      const { server, transport } = await start((_request, socket) => {
        idle.push(socket)
        socket.write(response('"恭喜您，您已抢到。"'))
      })
      for (const user of [1, 2, 3]) {
        expect(outcomeOf(await send(transport, 0, shot(user)))).toBe('sold')
        const socket = idle.at(-1)!
        socket.resetAndDestroy()
        await once(socket, 'close')
        // The reset is there; we notice it when the event loop next polls.
        await turn()
        await turn()
      }
      expect(server.requests).toHaveLength(3)
    })

    it('refused after open: not sent', async () => {
      const { server, transport } = await start((_request, socket) =>
        socket.end(response('"x"', 'connection: close\r\n')),
      )
      expect(textOf(await send(transport, 0, shot(1)))).toBe('x')
      await server.close()
      cleanups.shift()
      const answer = await send(transport, 0, shot(2))
      expect(answer.reply).toEqual({ kind: 'failed', outcome: 'not_sent', note: 'ECONNREFUSED' })
      expect(answer.doneAtUs).toBeGreaterThanOrEqual(answer.sentAtUs)
    })

    // Linux drops what exceeds the backlog of a process that does not accept; elsewhere such a connection is refused.
    it.runIf(process.platform === 'linux')('no connection in time: not sent', async () => {
      const child = spawn(process.execPath, ['-e', NEVER_ACCEPTS])
      cleanups.push(async () => void child.kill('SIGKILL'))
      const [line] = await once(child.stdout, 'data')
      const request = compileRequest({ url: `http://127.0.0.1:${Number(line)}/` })
      const [impatient, patient] = [SHORT_MS, LONG_MS].map(
        (timeoutMs) => new Transport({ request, timeoutMs, nowUs: monotonicUs }),
      ) as unknown as [GatedTransport, GatedTransport]
      await impatient.open(1)
      await patient.open(1)
      const fill = Array.from({ length: 4 }, () => connect(Number(line), '127.0.0.1').on('error', () => {}))
      for (const user of [1, 2]) {
        const answer = await send(impatient, 0, shot(user))
        expect(answer.reply).toEqual({ kind: 'failed', outcome: 'not_sent', note: 'timeout' })
        expect(answer.connectUs).toBeGreaterThan((SHORT_MS / 2) * 1_000)
      }
      const pending = send(patient, 0, shot(3))
      await patient.close()
      expect((await pending).reply).toEqual({ kind: 'failed', outcome: 'not_sent', note: 'interrupted' })
      for (const socket of fill) socket.destroy()
      // A connection that is still being made would keep the process alive.
      await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('ConnectWrap'))
      await impatient.close()
    })

    it('close ends what is under way as unknown', async () => {
      let arrived = () => {}
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve
      })
      const { transport } = await start(() => arrived())
      const pending = send(transport, 0, shot(1))
      await arrival
      await transport.close()
      expect((await pending).reply).toEqual({ kind: 'failed', outcome: 'unknown', note: 'interrupted' })
      expect((await send(transport, 0, shot(2))).reply).toMatchObject({ outcome: 'not_sent' })
    })
  })

  describe('many slots', () => {
    it('among resets, no request arrives twice and none that counts as not sent', async () => {
      const { server, transport } = await start(
        ({ path }, socket) => {
          const user = Number(path.slice(1))
          if (user % 7 === 3) socket.resetAndDestroy()
          else if (user % 5 === 4) socket.write(response('"x"'), () => socket.resetAndDestroy())
          else if (user % 5 === 3) socket.end(response('"x"'))
          else socket.write(response('"x"'))
        },
        { slots: 20, path: '/{{index}}' },
      )
      const firsts = Array.from({ length: 20 }, (_, slot) => send(transport, slot, shot(slot)))
      const answers = new Map<string, Answer>()
      const work = firsts.map(async (first, slot) => {
        answers.set(`/${slot}`, await first)
        for (let user = slot + 20; user < 400; user += 20)
          answers.set(`/${user}`, await send(transport, slot, shot(user)))
      })
      await Promise.all(work)
      expect(answers.size).toBe(400)
      const delivered = server.requests.map(({ path }) => path)
      expect(delivered.toSorted()).toEqual([...new Set(delivered)].toSorted())
      for (const [path, { reply }] of answers) {
        if (reply.kind === 'http') expect(delivered).toContain(path)
        if (reply.kind === 'failed' && reply.outcome === 'not_sent') expect(delivered).not.toContain(path)
      }
      expect([...answers.values()].filter(({ reply }) => reply.kind === 'http').length).toBeGreaterThan(200)
    })
  })

  describe('a burst', () => {
    const sold = response('"恭喜您，您已抢到。"')

    it('is written but for a byte, and leaves on release', async () => {
      const { server, transport } = await start((_request, socket) => socket.write(sold), { slots: 20 })
      const answers: Promise<Answer>[] = []
      const armed = Array.from({ length: 20 }, (_, slot) => arm(transport, slot, shot(slot), answers))
      expect(await Promise.all(armed)).toEqual(Array(20).fill(true))
      await vi.waitFor(() => expect(server.unfinished()).toHaveLength(20))
      for (const { head, missing } of server.unfinished()) {
        expect(head).toMatch(/^POST /)
        expect(missing).toBe(1)
      }
      expect(server.requests).toEqual([])
      const releasedAtUs = monotonicUs()
      transport.release()
      for (const answer of await Promise.all(answers)) {
        expect(outcomeOf(answer)).toBe('sold')
        expect(answer.sentAtUs).toBeGreaterThanOrEqual(releasedAtUs)
        expect(answer.connectUs).toBeGreaterThan(0)
      }
      expect(server.requests).toHaveLength(20)
    })

    it('twice, on the same connections', async () => {
      const { server, transport } = await start((_request, socket) => socket.write(sold), { slots: 3 })
      for (const round of [0, 1]) {
        const answers: Promise<Answer>[] = []
        const armed = [0, 1, 2].map((slot) => arm(transport, slot, shot(3 * round + slot), answers))
        expect(await Promise.all(armed)).toEqual([true, true, true])
        transport.release()
        expect((await Promise.all(answers)).map(outcomeOf)).toEqual(['sold', 'sold', 'sold'])
      }
      expect(server.connections()).toBe(1 + 3)
    })

    it('whose connection is refused: not armed, not sent', async () => {
      const { server, transport } = await start(() => {})
      await server.close()
      cleanups.shift()
      const answers: Promise<Answer>[] = []
      expect(await arm(transport, 0, shot(1), answers)).toBe(false)
      expect((await answers[0])!.reply).toEqual({ kind: 'failed', outcome: 'not_sent', note: 'ECONNREFUSED' })
    })

    it('that is never released: not sent, and nobody got it', async () => {
      const { server, transport } = await start(() => {}, { slots: 2, timeoutMs: SHORT_MS })
      const answers: Promise<Answer>[] = []
      expect(await arm(transport, 0, shot(1), answers)).toBe(true)
      expect((await answers[0])!.reply).toEqual({ kind: 'failed', outcome: 'not_sent', note: 'timeout' })
      expect(await arm(transport, 1, shot(2), answers)).toBe(true)
      await transport.close()
      expect((await answers[1])!.reply).toEqual({ kind: 'failed', outcome: 'not_sent', note: 'interrupted' })
      transport.release()
      expect(server.requests).toEqual([])
    })
  })

  describe('a server that speaks before it is asked', () => {
    const sold = response('"恭喜您，您已抢到。"')
    const early = async (slots: number, when: 'connection' | 'data' = 'connection') => {
      const received: Buffer[] = []
      const server = createServer({ noDelay: true }, (socket) => {
        socket.on('error', () => {}).on('data', (chunk) => received.push(chunk))
        if (when === 'connection') socket.write(sold)
        else socket.once('data', () => socket.write(sold))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const request = compileRequest({ url: `http://127.0.0.1:${port}/` })
      const transport = new Transport({ request, timeoutMs: LONG_MS, nowUs: monotonicUs })
      cleanups.push(
        async () => void server.close(),
        () => transport.close(),
      )
      await transport.open(slots)
      return { transport, received }
    }

    it('has sold nothing: not sent', async () => {
      const { transport, received } = await early(2)
      for (let i = 0; i < 4; i++) {
        const answer = await send(transport, i % 2, shot(i))
        expect([outcomeOf(answer), textOf(answer)]).toEqual(['not_sent', 'an answer before the request'])
      }
      expect(received).toEqual([])
    })

    it('arms no burst', async () => {
      const { transport } = await early(3)
      const answers: Promise<Answer>[] = []
      const armed = await Promise.all([0, 1, 2].map((slot) => arm(transport, slot, shot(slot), answers)))
      expect(armed).toEqual([false, false, false])
      // Whether it greets or answers the head alone cannot be told once the head is out: then it may have bought.
      for (const answer of await Promise.all(answers)) expect(['not_sent', 'unknown']).toContain(outcomeOf(answer))
    })

    it('nor where it waits for the first bytes', async () => {
      const { transport } = await early(1, 'data')
      const answers: Promise<Answer>[] = []
      await arm(transport, 0, shot(0), answers)
      for (const answer of await Promise.all(answers)) expect(['not_sent', 'unknown']).toContain(outcomeOf(answer))
    })
  })

  describe('open', () => {
    it('refused: target_unreachable, with what to do', async () => {
      const server = await rawServer(() => {})
      await server.close()
      const request = compileRequest({ url: `http://user:Sesame@127.0.0.1:${server.port}/` })
      const transport = new Transport({ request, timeoutMs: LONG_MS, nowUs: monotonicUs })
      await expect(transport.open(3)).rejects.toMatchObject({
        code: 'target_unreachable',
        message: `nothing listens at 127.0.0.1:${server.port} (ECONNREFUSED)`,
        hint: expect.stringContaining('--start'),
      })
    })

    it('connects once and sends nothing', async () => {
      const { server } = await start(() => {}, { slots: 50 })
      await expect.poll(() => server.connections()).toBe(1)
      expect(server.requests).toEqual([])
    })

    itSocket('connects ahead where it is asked to, and sends nothing', async () => {
      const server = await rawServer((_request, socket) => socket.write(response('sold out')))
      const request = compileRequest({ url: server.url })
      const transport = new Transport({ request, timeoutMs: LONG_MS, nowUs: monotonicUs })
      cleanups.push(server.close, () => transport.close())
      await transport.open(3, 2)
      await expect.poll(() => server.connections()).toBe(1 + 2)
      expect(server.requests).toEqual([])
      expect(await send(transport, 1, shot(0))).toMatchObject({ connectUs: 0, reply: { status: 200 } })
      expect(server.connections()).toBe(1 + 2)
      expect((await send(transport, 2, shot(1))).connectUs).toBeGreaterThan(0)
    })

    itSocket('connects again where what was made ahead is gone', async () => {
      let accepted = 0
      let gone = 0
      const server = createServer((socket) => {
        socket.on('error', () => {}).on('close', () => gone++)
        if (++accepted <= 1 + 2) socket.destroy()
        else socket.once('data', () => socket.end(response('sold out')))
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const request = compileRequest({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
      const transport = new Transport({ request, timeoutMs: LONG_MS, nowUs: monotonicUs })
      cleanups.push(
        async () => void server.close(),
        () => transport.close(),
      )
      await transport.open(2, 2)
      await vi.waitFor(() => expect(gone).toBe(1 + 2))
      for (let turns = 0; turns < 3; turns++) await turn()
      const [first, second] = await Promise.all([0, 1].map((slot) => send(transport, slot, shot(slot))))
      expect([first, second]).toMatchObject([{ reply: { status: 200 } }, { reply: { status: 200 } }])
    })

    it('names AirPlay on a Mac', () => {
      const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
      expect(unreachable('http://127.0.0.1:5000', refused, 'darwin').hint).toContain('AirPlay')
      expect(unreachable('http://127.0.0.1:5001', refused, 'darwin').hint).not.toContain('AirPlay')
      expect(unreachable('http://127.0.0.1:5000', refused, 'linux').hint).not.toContain('AirPlay')
    })
  })
})
