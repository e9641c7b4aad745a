import { createServer, type Socket } from 'node:net'
import { SeckillError } from '../errors.js'
import type { Attempt } from '../history/attempt.js'
import { Books } from './books.js'
import { Classifier } from './classify.js'
import { plannedAttempts, rangeOf } from './plan.js'
import { type LoadShape, slotsOf } from './shape.js'
import { Volley, type VolleyOptions } from './volley.js'

/** Attempts of a thread; fewer are over before they say much. */
const WORTH_REHEARSING = 100

/**
 * Attempts of the first round, and of all: enough for the code that all of them go through to be compiled, and over within half
 * a second. The first round shows the compiler how one ends, and that answers go to several places: what it compiles then, it
 * need not throw away when the real ones begin.
 */
const FIRST = 1_500
const ENOUGH = 7_500
/** A machine that is slow all the same is not waited for. */
const MOST_US = 500_000
const SLOTS = 50
/** Faster than cold code can: attempts leave at their moment, and some from within answers. */
const PER_S = 20_000

/** A shape of the same kind, of which one of so many shares is as fast and as wide as said above. */
const shapeOf = (kind: 'open' | 'burst', durationMs: number | null, width: number, shares: number): LoadShape => {
  const [slots, rate] = [width * shares, PER_S * shares]
  const stages = [{ from: rate, to: rate, seconds: Number.POSITIVE_INFINITY }]
  const model: LoadShape['model'] = kind === 'burst' ? { kind, size: slots } : { kind, stages, concurrency: slots }
  return { model, durationMs: durationMs && MOST_US / 1_000, warmupMs: 0, startAtMs: null, early: 0 }
}

const BODY = '{"code":1,"message":"rehearsal"}'
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`

/**
 * Makes purchases at a server inside this thread before a volley is opened, counted nowhere, where the moments of the attempts
 * are the point: code that runs for the first time is slow, and the first tenths of a second, which decide a flash sale, would
 * measure that. The target sees none of it.
 */
export const rehearse = async (options: VolleyOptions): Promise<void> => {
  const { transport, shape, plan, index, of } = options
  const { kind } = shape.model
  if (kind === 'closed' || transport.twinAt === undefined) return
  if (plannedAttempts(plan, rangeOf(plan, index, of)) < WORTH_REHEARSING) return
  // Its client and its server together: no more descriptors than the run itself is to have.
  const slots = Math.max(1, Math.min(SLOTS, Math.floor(slotsOf(shape, plannedAttempts(plan)) / of / 2)))
  try {
    await rounds(options, kind, slots)
  } catch (error) {
    // What could not be rehearsed begins cold, unless the run would fail alike.
    if (!(error instanceof SeckillError) || error.code === 'usage') throw error
  }
}

const rounds = async (options: VolleyOptions, kind: 'open' | 'burst', slots: number): Promise<void> => {
  const { transport, plan, shape, nowUs } = options
  // Threads measure nothing else, and its library takes each some 30 ms to load.
  const { Measures } = await import('./measures.js')
  const endUs = nowUs() + MOST_US
  for (let made = 0; made < ENOUGH && nowUs() < endUs && !options.signal.aborted; ) {
    const measures = new Measures(true, 0)
    const take = made === 0 ? (attempt: Attempt) => measures.add(attempt) : measures.add.bind(measures)
    const wanted = Math.round(plannedAttempts(plan) / (made === 0 ? FIRST : ENOUGH - FIRST))
    // A share of fewer than one user would be none.
    const shares = Math.max(1, Math.min(plan.users, wanted))
    const server = await serverOf()
    if (server === null) return
    try {
      const books = new Books(new Classifier([]), take, null)
      const rehearsed = {
        transport: transport.twinAt!(server.origin),
        shape: shapeOf(kind, shape.durationMs, slots, shares),
        books,
      }
      await round({ ...options, ...rehearsed, index: 0, of: shares })
    } finally {
      await server.close()
    }
    made += plannedAttempts(plan, rangeOf(plan, 0, shares))
  }
}

const round = async (options: VolleyOptions): Promise<void> => {
  const { transport, nowUs, books } = options
  const volley = new Volley({ ...options, gate: async () => {} })
  try {
    await volley.open()
    books.originUs = nowUs()
    await volley.fire(nowUs())
  } finally {
    await transport.close()
  }
}

/** Requests come one after the other; of a burst the last byte comes by itself. */
const answerAll = (socket: Socket): void => {
  let missing = 0
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    if (missing === 0) missing = lengthOf(bytes.toString('latin1'))
    missing -= bytes.length
    if (missing > 0) return
    missing = 0
    socket.write(ANSWER)
  })
}

/** Of the request that begins so: where it has no body, the byte that a burst holds back is of the head. */
const lengthOf = (begin: string): number => {
  const headEnd = begin.indexOf('\r\n\r\n')
  return headEnd < 0 ? begin.length + 1 : headEnd + 4 + Number(/^content-length: (\d+)/im.exec(begin)?.[1] ?? 0)
}

/** A server of this thread, and how to be rid of it and its connections; null where not even this can be listened on. */
const serverOf = (): Promise<{ origin: string; close(): Promise<void> } | null> =>
  new Promise((resolve) => {
    const sockets = new Set<Socket>()
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket)
      answerAll(socket)
    })
    const close = () =>
      new Promise<void>((closed) => {
        server.close(() => closed())
        for (const socket of sockets) socket.destroy()
      })
    server.once('error', () => resolve(null))
    server.listen(0, '127.0.0.1', () => {
      resolve({ origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`, close })
    })
  })
