import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { messageOf, SeckillError } from '../errors.js'
import type { Attempt } from '../history/attempt.js'
import { parseOutcomeRule } from '../history/outcome-rules.js'
import { chooseLanguage } from '../language/choose.js'
import { monotonicUs } from '../sale/clock.js'
import { userNamer } from '../sale/usernames.js'
import { attemptOf } from './attempt-of.js'
import { Classifier } from './classify.js'
import { LoopMonitor } from './health.js'
import { transportOf } from './recipe.js'
import { untilUs } from './until.js'
import { Volley } from './volley.js'
import { type FromWorker, packAttempts, type ToWorker, type WorkerJob } from './worker-messages.js'

/** Attempts told at a time, and how long they wait for it. */
const BATCH = 2_048
const BATCH_MS = 100

const port = parentPort as MessagePort
const tell = (message: FromWorker) =>
  port.postMessage(message, message.kind === 'attempts' ? [message.packed.buffer as ArrayBuffer] : [])

/** One thread of a run: opens, waits to be told to fire, and tells what came of it. */
const work = async ({ recipe, rules, plan, shape, users, index, of, language }: WorkerJob): Promise<void> => {
  await chooseLanguage(language)
  const classifier = new Classifier(rules.map(parseOutcomeRule))
  const transport = await transportOf(recipe)
  const stop = new AbortController()
  const batch: Attempt[] = []
  let originUs = 0
  let release: (atUs: number) => void = () => {}
  let fire: (startUs: number) => void = () => {}
  const toFire = new Promise<number>((resolve) => {
    fire = resolve
  })
  const flush = () => {
    if (batch.length > 0) tell({ kind: 'attempts', packed: packAttempts(batch), groups: classifier.takeNewGroups() })
    batch.length = 0
  }
  const volley = new Volley({
    ...{ plan, shape, index, of, transport, signal: stop.signal, nowUs: monotonicUs, nameOf: userNamer(users) },
    record: (planned, answer, intendedAtUs) => {
      batch.push(attemptOf(planned, answer, classifier.classify(answer.reply), intendedAtUs, originUs))
      if (batch.length === BATCH) flush()
    },
    gate: async () => {
      const atUs = new Promise<number>((resolve) => {
        release = resolve
      })
      tell({ kind: 'armed' })
      await untilUs(await atUs, monotonicUs, stop.signal)
    },
  })
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'release') release(message.atUs)
    else if (message.kind === 'stop') {
      stop.abort()
      release(0)
    } else {
      originUs = message.originUs
      fire(message.startUs)
    }
  })
  await volley.open()
  tell({ kind: 'opened' })
  const startUs = await toFire
  const monitor = new LoopMonitor()
  const ticker = setInterval(flush, BATCH_MS)
  try {
    const { starved, waitedUs } = await volley.fire(startUs)
    flush()
    tell({ kind: 'done', starved, loop: monitor.stop(waitedUs) })
  } finally {
    flush()
    clearInterval(ticker)
    await transport.close()
  }
}

work(workerData as WorkerJob).catch((error: unknown) => {
  const [code, hint] = error instanceof SeckillError ? [error.code, error.hint] : [null, undefined]
  tell({ kind: 'failed', code, message: messageOf(error), hint })
})
