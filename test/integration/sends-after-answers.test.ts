import type { Socket } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { Classifier } from '../../src/load/classify.js'
import { compileRequest } from '../../src/load/request.js'
import type { Answer } from '../../src/load/transport.js'
import { SendQueue } from '../../src/load/transports/send-queue.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { type RawRequest, rawServer, response } from '../helpers/raw-http.js'

const READ_BUFFER_BYTES = 65_536
const MESSAGE = '"恭喜您，您已抢到。"'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** With the turn of the event loop in which it was read. */
type Told = Answer & { readonly means: string; readonly turn: number }

/** `each` purchases on every slot, all but the first sent from within the answer to the one before; their answers by slot. */
const buyInARow = async (slots: number, each: number, answer: (request: RawRequest, socket: Socket) => void) => {
  const server = await rawServer(answer)
  const request = compileRequest({ url: server.url })
  const transport = new SocketTransport({ request, timeoutMs: 20_000, nowUs: monotonicUs })
  cleanups.push(server.close, () => transport.close())
  await transport.open(slots)
  const classifier = new Classifier([])
  let turn = 0
  const turnNow = (): number => {
    setImmediate((before) => {
      turn = Math.max(turn, before + 1)
    }, turn)
    return turn
  }
  const buy = (slot: number): Promise<Told[]> =>
    new Promise((resolve, reject) => {
      const told: Told[] = []
      const next = () =>
        transport.send(slot, { userIndex: slot, copy: 0, user: `user-${slot}`, quantity: 1 }, (one) => {
          if (one instanceof Error) return reject(one)
          told.push({ ...one, means: classifier.classify(one.reply).outcome, turn: turnNow() })
          return told.length < each ? next() : resolve(told)
        })
      next()
    })
  return { server, told: await Promise.all(Array.from({ length: slots }, (_, slot) => buy(slot))) }
}

/** Whether the kernel tells of something before the turn of a request is up to it: here it always does. */
const theirTurnNeverComes = () => vi.spyOn(SendQueue.prototype, 'add').mockImplementation(() => {})

it('leave once all that arrived with the answer has been read', async () => {
  const slots = 20
  const asked: Socket[] = []
  const { told } = await buyInARow(slots, 3, (_request, socket) => {
    asked.push(socket)
    // The client, in this process, finds as many as the kernel has delivered by then: all of them, as a rule.
    if (asked.length === slots) for (const one of asked.splice(0)) one.write(response(MESSAGE))
  })
  const lastRead = new Map<number, number>()
  for (const { turn, doneAtUs } of told.flat()) lastRead.set(turn, Math.max(doneAtUs, lastRead.get(turn) ?? 0))
  for (const answers of told) {
    for (const [i, { turn }] of answers.slice(0, -1).entries()) {
      expect(answers[i + 1]!.sentAtUs).toBeGreaterThanOrEqual(lastRead.get(turn)!)
    }
  }
})

it('are sent over a new connection where the old one is gone by then: not a byte was, hence none is lost', async () => {
  theirTurnNeverComes()
  const { server, told } = await buyInARow(2, 10, (_request, socket) => {
    socket.write(response(MESSAGE))
    socket.resetAndDestroy()
  })
  expect(told.flat().map(({ means }) => means)).toEqual(Array(20).fill('sold'))
  expect(server.requests).toHaveLength(20)
  expect(server.connections()).toBe(21)
})

it('take nothing for their answer that comes before them', async () => {
  const roughly = response(MESSAGE.padEnd(60_000))
  const full = response(MESSAGE.padEnd(60_000 + READ_BUFFER_BYTES - roughly.length))
  expect(full).toHaveLength(READ_BUFFER_BYTES)
  theirTurnNeverComes()
  const { told } = await buyInARow(1, 4, (_request, socket) => {
    // What is behind a full buffer is read by itself, in the same turn: the next request waits already.
    socket.write(Buffer.concat([full, response('"已经抢完。"')]))
  })
  expect(told.flat().map(({ means }) => means)).toEqual(Array(4).fill('sold'))
})
