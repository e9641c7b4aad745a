import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type EngineOptions, runEngine } from '../../src/load/engine.js'
import { closedModel } from '../../src/load/models/closed.js'
import { attemptsOf, type LoadPlan, type PlannedAttempt } from '../../src/load/plan.js'
import type { Answer, Done, Shot, Transport } from '../../src/load/transport.js'
import { fc } from '../helpers/fc.js'

const SOLD: Answer = { sentAtUs: 1, doneAtUs: 2, connectUs: 0, reply: { kind: 'outcome', outcome: 'sold', note: '' } }
const LOST: Answer = { ...SOLD, reply: { kind: 'failed', outcome: 'unknown', note: 'closed' } }

interface Held {
  readonly slot: number
  readonly shot: Shot
  readonly answer: Done
}

/** A transport whose answers the test gives; it knows what is under way, and what ever was. */
class FakeTransport implements Transport {
  readonly underWay: Held[] = []
  readonly shots: Shot[] = []
  readonly busy = new Set<number>()
  mostUnderWay = 0
  closes = 0

  async open(): Promise<void> {}

  send(slot: number, shot: Shot, done: Done): void {
    if (this.busy.has(slot)) throw new Error(`slot ${slot} has two attempts at once`)
    this.busy.add(slot)
    this.shots.push(shot)
    const answer: Done = (given) => {
      this.busy.delete(slot)
      done(given)
    }
    this.underWay.push({ slot, shot, answer })
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay.length)
  }

  /** As a real one does: what is under way becomes unknown. */
  async close(): Promise<void> {
    this.closes++
    for (const held of this.underWay.splice(0)) held.answer(LOST)
  }

  answerOne(index = 0, answer: Answer | Error = SOLD): void {
    this.underWay.splice(index, 1)[0]?.answer(answer)
  }
}

const planOf = (wish: Partial<LoadPlan> = {}): LoadPlan => ({
  ...{ users: 20, seed: 1, duplicates: 0, quantity: { min: 1, max: 2 } },
  ...wish,
})

const start = (
  plan: LoadPlan,
  { concurrency = 4, ...wish }: Partial<EngineOptions> & { concurrency?: number } = {},
) => {
  const transport = new FakeTransport()
  const recorded: PlannedAttempt[] = []
  const stop = new AbortController()
  const state = { settled: false }
  const finished = runEngine({
    transport,
    model: closedModel(concurrency, 0),
    attempts: attemptsOf(plan),
    nameOf: (index) => `user${index}`,
    nowUs: () => 0,
    record: (planned) => void recorded.push(planned),
    signal: stop.signal,
    graceMs: 60_000,
    ...wish,
  }).finally(() => {
    state.settled = true
  })
  // Whoever awaits it sees the failure; until then nobody may call it unhandled.
  finished.catch(() => {})
  return { transport, recorded, stop, finished, state }
}

const idOf = ({ userIndex, copy }: { userIndex: number; copy: number }) => `${userIndex}/${copy}`

/** Answers until nothing is under way; `pick` chooses whose turn it is. */
const drain = async (transport: FakeTransport, pick: (underWay: number) => number = () => 0): Promise<void> => {
  for (await turn(); transport.underWay.length > 0; await turn()) transport.answerOne(pick(transport.underWay.length))
}

describe('the engine', () => {
  it('makes every planned attempt once, records it once, and never has more under way than asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 100 }),
        fc.infiniteStream(fc.nat()),
        async (users, concurrency, percent, choices) => {
          const plan = planOf({ users, duplicates: percent / 100 })
          const { transport, recorded, finished } = start(plan, { concurrency })
          await drain(transport, (underWay) => (choices.next().value as number) % underWay)
          await finished
          const planned = [...attemptsOf(plan)]
          expect(transport.mostUnderWay).toBe(Math.min(concurrency, planned.length))
          expect(transport.shots).toEqual(planned.map((one) => ({ ...one, user: `user${one.userIndex}` })))
          expect(recorded.map(idOf).sort()).toEqual(planned.map(idOf).sort())
          expect(transport.closes).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps as many under way as asked, all the time', async () => {
    const { transport, finished } = start(planOf({ users: 12 }))
    for (let answered = 0; answered < 8; answered++) {
      transport.answerOne(answered % 4)
      await turn()
      expect(transport.underWay).toHaveLength(4)
    }
    await drain(transport)
    await finished
  })

  it('sends nothing from the end of its time on, and awaits what is under way', async () => {
    let nowUs = 0
    const { transport, recorded, finished } = start(planOf({ users: 100 }), { nowUs: () => nowUs, untilUs: 10 })
    transport.answerOne()
    nowUs = 10
    await drain(transport)
    await finished
    expect(recorded).toHaveLength(5)
  })

  it('without attempts ends at once', async () => {
    const { transport, finished } = start(planOf({ users: 0 }))
    await finished
    expect(transport.shots).toEqual([])
  })
})

describe('an interrupted engine', () => {
  it('sends nothing more, and awaits and records what is under way', async () => {
    const { transport, recorded, stop, finished, state } = start(planOf())
    transport.answerOne()
    await turn()
    stop.abort()
    await turn()
    expect(state.settled).toBe(false)
    expect(transport.underWay).toHaveLength(4)
    await drain(transport)
    await finished
    expect(transport.shots).toHaveLength(5)
    expect(recorded.map(idOf).sort()).toEqual(transport.shots.map(idOf).sort())
    expect(transport.closes).toBe(0)
  })

  it('gives up what is under way after the grace, records it, and closes once', async () => {
    const answers: Answer[] = []
    const record = (_planned: PlannedAttempt, answer: Answer) => void answers.push(answer)
    const { transport, stop, finished } = start(planOf(), { graceMs: 30, record })
    const begun = performance.now()
    stop.abort()
    await finished
    expect(performance.now() - begun).toBeGreaterThanOrEqual(25)
    expect(transport.closes).toBe(1)
    expect(answers).toEqual([LOST, LOST, LOST, LOST])
  })

  it('before it began sends nothing', async () => {
    const { transport, finished } = start(planOf(), { signal: AbortSignal.abort() })
    await finished
    expect(transport.shots).toEqual([])
  })

  it('forgets its grace once all is done', async () => {
    const { transport, stop, finished } = start(planOf({ users: 1 }), { graceMs: 5 })
    stop.abort()
    transport.answerOne()
    await finished
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(transport.closes).toBe(0)
  })
})

describe('a failing engine', () => {
  it('whose record throws stops sending, awaits what is under way, and rejects with that', async () => {
    const full = new Error('disk full')
    let calls = 0
    const record = () => {
      if (++calls === 3) throw full
    }
    const { transport, finished, state } = start(planOf(), { record })
    for (let i = 0; i < 3; i++) {
      transport.answerOne()
      await turn()
    }
    expect(transport.shots).toHaveLength(6)
    expect(state.settled).toBe(false)
    await drain(transport)
    await expect(finished).rejects.toBe(full)
    expect(transport.shots).toHaveLength(6)
    expect(calls).toBe(6)
  })

  it('rejects with the first of several failures', async () => {
    let calls = 0
    const record = () => {
      throw new Error(`failure ${++calls}`)
    }
    const { transport, finished } = start(planOf(), { record })
    await drain(transport)
    await expect(finished).rejects.toThrow('failure 1')
  })

  it('whose transport breaks its word rejects', async () => {
    const { transport, finished } = start(planOf())
    transport.answerOne(0, new Error('bug'))
    await turn()
    await drain(transport)
    await expect(finished).rejects.toThrow('bug')
    expect(transport.shots).toHaveLength(4)
  })

  it('that cannot begin an attempt rejects, and awaits those that it has begun', async () => {
    const { transport, finished } = start(planOf(), {
      nameOf: (index) => {
        if (index === 1) throw new Error('no such name')
        return `user${index}`
      },
    })
    await drain(transport)
    await expect(finished).rejects.toThrow('no such name')
  })

  it('and interrupted, gives up after the grace too', async () => {
    const record = () => {
      throw new Error('disk full')
    }
    const { transport, stop, finished } = start(planOf(), { record, graceMs: 10 })
    transport.answerOne()
    await turn()
    stop.abort()
    await expect(finished).rejects.toThrow('disk full')
    expect(transport.closes).toBe(1)
  })

  it('ends with what a transport throws, once what is under way is answered', async () => {
    class Picky extends FakeTransport {
      override send(slot: number, shot: Shot, done: Done): void {
        if (shot.userIndex === 6) throw new Error('cannot be written')
        super.send(slot, shot, done)
      }
    }
    const transport = new Picky()
    const { finished, recorded } = start(planOf(), { transport })
    await drain(transport)
    await expect(finished).rejects.toThrow('cannot be written')
    expect(recorded.map(({ userIndex }) => userIndex).sort()).toEqual([0, 1, 2, 3, 4, 5])
  })
})
