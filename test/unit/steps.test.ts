import { describe, expect, it } from 'vitest'
import { StepsTransport } from '../../src/load/steps.js'
import type { Answer, Done, GatedTransport, Reply, Shot } from '../../src/load/transport.js'
import { arm, send } from '../helpers/transport.js'

const http = (body: string): Reply => ({
  ...{ kind: 'http', status: 200, body: Buffer.from(body), contentType: 'application/json' },
})

/** A transport on a clock of its own: each attempt takes 10 µs, the first of a slot 1 µs more to connect. */
class Told implements GatedTransport {
  readonly shots: Shot[] = []
  opened = 0
  closed = false
  #release: (() => void)[] = []
  readonly #clock: { us: number }
  readonly #reply: (shot: Shot) => Reply

  constructor(clock: { us: number }, reply: (shot: Shot) => Reply) {
    this.#clock = clock
    this.#reply = reply
  }

  async open(n: number): Promise<void> {
    this.opened = n
  }

  send(_slot: number, shot: Shot, done: Done): void {
    queueMicrotask(() => done(this.#answer(shot)))
  }

  async arm(_slot: number, shot: Shot, done: Done): Promise<boolean> {
    this.#release.push(() => queueMicrotask(() => done(this.#answer(shot))))
    return true
  }

  release(): void {
    for (const go of this.#release.splice(0)) go()
  }

  async close(): Promise<void> {
    this.closed = true
  }

  #answer(shot: Shot): Answer {
    this.shots.push(shot)
    const sentAtUs = this.#clock.us
    this.#clock.us += 10
    return { sentAtUs, doneAtUs: this.#clock.us, connectUs: 1, reply: this.#reply(shot) }
  }
}

const shot: Shot = { userIndex: 3, copy: 0, user: 'ann', quantity: 1 }

const stand = (first: (shot: Shot) => Reply) => {
  const clock = { us: 100 }
  const purchase = new Told(clock, () => http('{"bought":true}'))
  const steps = [new Told(clock, first), new Told(clock, (it) => http(`{"b":"${it.captured?.a}!"}`))]
  const captures = [{ a: 'json:$.a' }, { b: 'json:$.b' }]
  const transport = new StepsTransport(
    purchase,
    steps.map((each, i) => ({ transport: each, captures: captures[i]! })),
  )
  return { transport, purchase, steps }
}

describe('attempts with steps', () => {
  it('carry what was captured on, and take the time of all', async () => {
    const { transport, purchase, steps } = stand(() => http('{"a":"x"}'))
    await transport.open(4)
    expect([purchase, ...steps].map(({ opened }) => opened)).toEqual([4, 4, 4])
    expect(await send(transport, 0, shot)).toMatchObject({ sentAtUs: 100, doneAtUs: 130, connectUs: 3 })
    expect(steps[1]!.shots[0]!.captured).toEqual({ a: 'x' })
    expect(purchase.shots[0]).toEqual({ ...shot, captured: { a: 'x', b: 'x!' } })
    await transport.close()
    expect([purchase, ...steps].map(({ closed }) => closed)).toEqual([true, true, true])
  })

  it('end where a step does not tell what is needed, and buy nothing', async () => {
    const { transport, purchase } = stand(() => http('{"code":1}'))
    const { reply, doneAtUs } = await send(transport, 0, shot)
    expect(reply).toMatchObject({ kind: 'http', status: 200, step: 'step 1' })
    expect([doneAtUs, purchase.shots]).toEqual([110, []])
  })

  it('that fail were not sent, even where the step was', async () => {
    const { transport } = stand(() => ({ kind: 'failed', outcome: 'unknown', note: 'timeout' }))
    expect((await send(transport, 0, shot)).reply).toEqual({
      kind: 'failed',
      outcome: 'not_sent',
      note: 'step 1: timeout',
    })
  })

  it('take them while they are armed, and buy at the release', async () => {
    const { transport, purchase } = stand((it) => http(it.userIndex === 3 ? '{"a":"x"}' : '{}'))
    const answers: Promise<Answer>[] = []
    expect(await arm(transport, 0, shot, answers)).toBe(true)
    expect(await arm(transport, 1, { ...shot, userIndex: 4 }, answers)).toBe(false)
    expect(purchase.shots).toEqual([])
    transport.release()
    const [bought, ended] = await Promise.all(answers)
    expect(bought!.reply).toMatchObject({ kind: 'http' })
    expect(ended!.reply).toMatchObject({ step: 'step 1' })
    expect(purchase.shots).toHaveLength(1)
  })
})
