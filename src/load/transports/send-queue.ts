/** What can be sent later. */
interface Sender {
  sendNow(): void
}

/**
 * Requests that follow from answers leave together, once all that had arrived has been read. Sent one by one in between, each
 * would find the server asleep over the last, and waking it costs more than sending; and answers that have come would wait
 * unread, and be timed, behind requests being written.
 */
export class SendQueue {
  readonly #waiting: Sender[] = []

  add(sender: Sender): void {
    if (this.#waiting.push(sender) === 1) setImmediate(this.#flush)
  }

  readonly #flush = (): void => {
    for (const sender of this.#waiting) sender.sendNow()
    this.#waiting.length = 0
  }
}
