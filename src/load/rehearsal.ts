import { createServer, type Server, type Socket } from 'node:net'
import { monotonicUs } from '../sale/clock.js'
import { attemptOf } from './attempt-of.js'
import { Classifier } from './classify.js'
import { runEngine } from './engine.js'
import { Measures } from './measures.js'
import { closedModel } from './models/closed.js'
import { attemptsOf } from './plan.js'
import type { Transport } from './transport.js'

/** Enough for the code that every attempt goes through to be compiled, and over within half a second. */
const ATTEMPTS = 6_000
const SLOTS = 50

const BODY = '{"code":1,"message":"rehearsal"}'
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`

/**
 * Makes purchases at a server inside this thread before the clock starts, counted nowhere: code that runs for the first time
 * is slow, and the first tenths of a second, which decide a flash sale, would measure that. The target sees none of it.
 */
export const rehearse = async (twinAt: (origin: string) => Transport, signal: AbortSignal): Promise<void> => {
  const server = await listening(createServer({ noDelay: true }, answerAll))
  if (server === null) return
  const { port } = server.address() as { port: number }
  const transport = twinAt(`http://127.0.0.1:${port}`)
  const classifier = new Classifier([])
  const measures = new Measures(true, 0)
  const plan = { users: ATTEMPTS, seed: 1, duplicates: 0, quantity: { min: 1, max: 1 } }
  try {
    await transport.open(SLOTS)
    await runEngine({
      ...{ transport, attempts: attemptsOf(plan), nowUs: monotonicUs, signal, graceMs: 0 },
      nameOf: (user) => `rehearsal${user}`,
      model: closedModel(SLOTS, 0),
      record: (planned, answer, intendedAtUs) =>
        measures.add(attemptOf(planned, answer, classifier.classify(answer.reply), intendedAtUs, 0)),
    })
  } finally {
    await transport.close()
    server.close()
  }
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
