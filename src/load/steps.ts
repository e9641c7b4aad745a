import { type Captures, compileCaptures } from './capture.js'
import { answerTo } from './login.js'
import type { Answer, Done, GatedTransport, Shot, Transport } from './transport.js'

/** A request before the purchase that tells something the purchase needs. */
export interface Step {
  /** Makes the requests of this step, over connections of its own. */
  readonly transport: Transport
  readonly captures: Captures
}

/**
 * Attempts that take steps before their purchase: the GET that yields the hidden path or the CSRF token. Their time is the
 * attempt's; in a burst they are taken while it is armed. A step that does not tell what is needed ends the attempt:
 * nothing was bought, and its answer says why.
 */
export class StepsTransport implements GatedTransport {
  readonly #purchase: GatedTransport
  readonly #steps: readonly (Step & { readonly read: ReturnType<typeof compileCaptures> })[]

  constructor(purchase: GatedTransport, steps: readonly Step[]) {
    this.#purchase = purchase
    this.#steps = steps.map((step) => ({ ...step, read: compileCaptures(step.captures) }))
  }

  async open(n: number): Promise<void> {
    await this.#purchase.open(n)
    for (const { transport } of this.#steps) await transport.open(n)
  }

  send(slot: number, shot: Shot, done: Done): void {
    const buy = ({ ended, captured, answers }: Walked) => {
      if (ended) return done(joined(answers))
      this.#purchase.send(slot, { ...shot, captured }, (answer) =>
        done(answer instanceof Error ? answer : joined([...answers, answer])),
      )
    }
    this.#walk(slot, shot)
      .then(buy)
      .catch((error: Error) => done(error))
  }

  async arm(slot: number, shot: Shot, done: Done): Promise<boolean> {
    const { ended, captured, answers } = await this.#walk(slot, shot)
    if (!ended) return this.#purchase.arm(slot, { ...shot, captured }, done)
    done(joined(answers))
    return false
  }

  release(): void {
    this.#purchase.release()
  }

  async close(): Promise<void> {
    await Promise.all([this.#purchase, ...this.#steps.map(({ transport }) => transport)].map((each) => each.close()))
  }

  async #walk(slot: number, shot: Shot): Promise<Walked> {
    const answers: Answer[] = []
    let captured: Readonly<Record<string, string>> = {}
    for (const [i, { transport, read }] of this.#steps.entries()) {
      const answer = await answerTo(transport, slot, { ...shot, captured })
      const { reply } = answer
      const found = reply.kind === 'http' ? read(reply) : { missing: '' }
      answers.push('values' in found ? answer : { ...answer, reply: endedAt(`step ${i + 1}`, reply) })
      if (!('values' in found)) return { ended: true, captured, answers }
      captured = { ...captured, ...found.values }
    }
    return { ended: false, captured, answers }
  }
}

interface Walked {
  /** A step did not tell what is needed; its answer is the last. */
  readonly ended: boolean
  readonly captured: Readonly<Record<string, string>>
  readonly answers: readonly Answer[]
}

/** Whatever became of a step, the purchase was not sent. */
const endedAt = (step: string, reply: Answer['reply']): Answer['reply'] =>
  reply.kind === 'http' ? { ...reply, step } : { kind: 'failed', outcome: 'not_sent', note: `${step}: ${reply.note}` }

/** From the first byte of the first to the last of the last, with the last one's reply. */
const joined = (answers: readonly Answer[]): Answer => {
  const last = answers.at(-1)!
  return {
    sentAtUs: answers[0]!.sentAtUs,
    doneAtUs: last.doneAtUs,
    connectUs: answers.reduce((sum, { connectUs }) => sum + connectUs, 0),
    reply: last.reply,
  }
}
