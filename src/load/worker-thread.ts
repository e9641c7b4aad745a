import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { messageOf, SeckillError } from '../errors.js'
import { parseOutcomeRule } from '../history/outcome-rules.js'
import { chooseLanguage } from '../language/choose.js'
import { monotonicUs } from '../sale/clock.js'
import { userNamer } from '../sale/usernames.js'
import { Books } from './books.js'
import { Classifier } from './classify.js'
import { Decisions } from './decisions.js'
import { followerOf } from './follower-of.js'
import { LoopMonitor } from './health.js'
import { transportOf } from './recipe.js'
import { rehearse } from './rehearsal.js'
import { settleHeap } from './settle-heap.js'
import { untilUs } from './until.js'
import { Volley, type VolleyOptions } from './volley.js'
import type { FromWorker, ToWorker, WorkerJob } from './worker-messages.js'
import { Outbox } from './worker-outbox.js'

const port = parentPort as MessagePort
const tell = (message: FromWorker) =>
  port.postMessage(message, 'packed' in message ? [message.packed.buffer as ArrayBuffer] : [])

/** What the crew orders. */
class Orders {
  readonly stop = new AbortController()
  originUs = 0
  #release: (atUs: number) => void = () => {}
  #fire: (startUs: number) => void = () => {}
  readonly toFire = new Promise<number>((resolve) => {
    this.#fire = resolve
  })

  constructor() {
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'release') this.#release(message.atUs)
      else if (message.kind === 'stop') {
        this.stop.abort()
        this.#release(0)
      } else {
        this.originUs = message.originUs
        this.#fire(message.startUs)
      }
    })
  }

  async toRelease(): Promise<void> {
    const atUs = new Promise<number>((resolve) => {
      this.#release = resolve
    })
    tell({ kind: 'armed' })
    await untilUs(await atUs, monotonicUs, this.stop.signal)
  }
}

/** One thread of a run: opens, waits to be told to fire, follows what is queued, and tells what came of it. */
const work = async ({ recipe, rules, plan, shape, users, index, of, language }: WorkerJob): Promise<void> => {
  await chooseLanguage(language)
  const classifier = new Classifier(rules.map(parseOutcomeRule))
  const orders = new Orders()
  const nameOf = userNamer(users)
  // Told within the turn in which they are heard: a thread that dies takes no decision along.
  const followed = new Decisions(() => setImmediate(() => outbox.flush()))
  const outbox = new Outbox(tell, classifier, followed)
  const transport = await transportOf(recipe)
  const follower = await followerOf(recipe, rules, nameOf, followed, { index, of })
  const { signal } = orders.stop
  const books = new Books(classifier, (attempt) => outbox.add(attempt), follower)
  const volleyOptions: VolleyOptions = {
    ...{ plan, shape, index, of, transport, signal, nowUs: monotonicUs, nameOf },
    books,
    gate: () => orders.toRelease(),
  }
  await rehearse(volleyOptions)
  const volley = new Volley(volleyOptions)
  await volley.open()
  if (shape.model.kind === 'open') settleHeap()
  await follower?.open()
  tell({ kind: 'opened' })
  const startUs = await orders.toFire
  books.originUs = orders.originUs
  const monitor = new LoopMonitor()
  outbox.open()
  try {
    const { starved, waitedUs } = await volley.fire(startUs)
    outbox.flush()
    tell({ kind: 'done', starved, loop: monitor.stop(waitedUs) })
    await transport.close()
    await follower?.finish(signal)
  } finally {
    outbox.close()
    await transport.close()
    await follower?.close()
  }
  tell({ kind: 'settled' })
}

work(workerData as WorkerJob).catch((error: unknown) => {
  const [code, hint] = error instanceof SeckillError ? [error.code, error.hint] : [null, undefined]
  tell({ kind: 'failed', code, message: messageOf(error), hint })
})
