import type { Attempt } from '../history/attempt.js'
import type { Classified, Classifier } from './classify.js'
import type { Following } from './following.js'
import type { PlannedAttempt } from './plan.js'
import type { Answer } from './transport.js'

/** What an answer comes to, once it is classified; times from `originUs`. */
const attemptOf = (
  { userIndex, copy, quantity }: PlannedAttempt,
  { sentAtUs, doneAtUs, connectUs, reply }: Answer,
  { outcome, group }: Classified,
  intendedAtUs: number,
  originUs: number,
): Attempt => ({
  userIndex,
  copy,
  quantity,
  outcome,
  status: reply.kind === 'http' ? reply.status : 0,
  group,
  intendedAtUs: intendedAtUs - originUs,
  sentAtUs: sentAtUs - originUs,
  doneAtUs: doneAtUs - originUs,
  connectUs,
})

/** What is done with every answer: classified, taken down, and followed where it says "queued". */
export class Books {
  /** The moment from which the times of attempts are counted; set before the first answer. */
  originUs = 0
  readonly #classifier: Classifier
  readonly #take: (attempt: Attempt) => void
  readonly #follower: Following | null

  /** What `take` throws ends the run. */
  constructor(classifier: Classifier, take: (attempt: Attempt) => void, follower: Following | null) {
    this.#classifier = classifier
    this.#take = take
    this.#follower = follower
  }

  record(planned: PlannedAttempt, answer: Answer, intendedAtUs: number): void {
    const classified = this.#classifier.classify(answer.reply)
    this.#take(attemptOf(planned, answer, classified, intendedAtUs, this.originUs))
    if (classified.outcome === 'queued') this.#follower?.follow(planned, answer, intendedAtUs)
  }
}
