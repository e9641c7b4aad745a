import type { Attempt } from '../history/attempt.js'
import type { Classifier } from './classify.js'
import type { Decisions } from './decisions.js'
import { type FromWorker, packAttempts, packDecided } from './worker-messages.js'

/** Attempts told at a time, and how long they wait for it. */
const BATCH = 2_048
const BATCH_MS = 100

/** Tells what a thread's attempts came to, in bounded batches. A decision is told behind the attempt that it belongs to. */
export class Outbox {
  readonly #tell: (message: FromWorker) => void
  readonly #classifier: Classifier
  readonly #followed: Decisions
  readonly #attempts: Attempt[] = []
  #ticker: NodeJS.Timeout | undefined

  constructor(tell: (message: FromWorker) => void, classifier: Classifier, followed: Decisions) {
    this.#tell = tell
    this.#classifier = classifier
    this.#followed = followed
  }

  open(): void {
    this.#ticker = setInterval(() => this.flush(), BATCH_MS)
  }

  add(attempt: Attempt): void {
    this.#attempts.push(attempt)
    if (this.#attempts.length === BATCH) this.flush()
  }

  flush(): void {
    if (this.#attempts.length > 0) {
      const [packed, groups] = [packAttempts(this.#attempts), this.#classifier.takeNewGroups()]
      this.#tell({ kind: 'attempts', packed, groups })
    }
    this.#attempts.length = 0
    const { decided, ...news } = this.#followed.take()
    if (news.counts.queued + news.counts.polls + decided.length > 0)
      this.#tell({ kind: 'followed', ...news, packed: packDecided(decided) })
  }

  close(): void {
    this.flush()
    clearInterval(this.#ticker)
  }
}
