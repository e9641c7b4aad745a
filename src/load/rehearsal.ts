import { createServer, type Server, type Socket } from 'node:net'
import type { Attempt } from '../history/attempt.js'
import { Books } from './books.js'
import { Classifier } from './classify.js'
import { Measures } from './measures.js'
import { plannedAttempts, rangeOf } from './plan.js'
import type { LoadShape } from './shape.js'
import { Volley, type VolleyOptions } from './volley.js'

/** Attempts of a thread; fewer are over before they say much. */
const WORTH_REHEARSING = 1_000

/**
 * Attempts of each round: enough for the code that all of them go through to be compiled, and over within half a second. The
 * first round shows the compiler how one ends, and that answers go to several places: what it compiles then, it need not throw
 * away when the real ones begin.
 */
const ROUNDS = [
  { attempts: 1_500, into: (measures: Measures) => (attempt: Attempt) => measures.add(attempt) },
  { attempts: 6_000, into: (measures: Measures) => measures.add.bind(measures) },
]

/** One share of it is faster than cold code can: attempts leave at their moment, and some from within answers. */
const shapeOf = (shares: number): LoadShape => {
  const rate = 20_000 * shares
  const stages = [{ from: rate, to: rate, seconds: Number.POSITIVE_INFINITY }]
  const model = { kind: 'open', stages, concurrency: 50 * shares } as const
  return { model, durationMs: null, warmupMs: 0, startAtMs: null, early: 0 }
}

const BODY = '{"code":1,"message":"rehearsal"}'
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`

/**
 * Makes purchases at a server inside this thread before a volley is opened, counted nowhere, where the moments of the attempts
 * are the point: code that runs for the first time is slow, and the first tenths of a second, which decide a flash sale, would
 * measure that. The target sees none of it.
 */
export const rehearse = async (options: VolleyOptions): Promise<void> => {
  const { transport, shape, plan, nowUs } = options
  const mine = plannedAttempts(plan, rangeOf(plan, options.index, options.of))
  const isWorthIt = shape.model.kind !== 'closed' && mine >= WORTH_REHEARSING
  if (!isWorthIt || transport.twinAt === undefined) return
  const server = await listening(createServer({ noDelay: true }, answerAll))
  if (server === null) return
  const { port } = server.address() as { port: number }
  for (const { attempts, into } of ROUNDS) {
    const twin = transport.twinAt(`http://127.0.0.1:${port}`)
    const measures = new Measures(true, 0)
    const of = Math.max(1, Math.round(plannedAttempts(plan) / attempts))
    const books = new Books(new Classifier([]), into(measures), null)
    books.originUs = nowUs()
    const volley = new Volley({
      ...{ ...options, transport: twin, shape: shapeOf(of), index: 0, of },
      books,
    })
    try {
      await volley.open()
      await volley.fire(nowUs())
    } finally {
      await twin.close()
    }
  }
  server.close()
}

/** A request comes in one piece here; whatever its end, one answer to a piece will do. */
const answerAll = (socket: Socket): void => {
  socket.on('data', () => socket.write(ANSWER)).on('error', () => socket.destroy())
}

/** Null where not even this can be listened on. */
const listening = (server: Server): Promise<Server | null> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
