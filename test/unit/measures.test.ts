import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/history/attempt.js'
import { summaryOf } from '../../src/load/latency.js'
import { Measures } from '../../src/load/measures.js'
import { SendOrder } from '../../src/load/send-order.js'
import { fc } from '../helpers/fc.js'

const attempt = (wish: Partial<Attempt>): Attempt => ({
  ...{ userIndex: 0, copy: 0, quantity: 1, outcome: 'sold', status: 200, group: 0 },
  ...{ intendedAtUs: 0, sentAtUs: 0, doneAtUs: 0, connectUs: 0 },
  ...wish,
})

describe('measures', () => {
  it('count the response from the plan, the service from the send, and connecting apart, by outcome', () => {
    const measures = new Measures(true, 0)
    measures.add(attempt({ intendedAtUs: 1_000, sentAtUs: 4_000, doneAtUs: 10_000, connectUs: 2_000 }))
    measures.add(attempt({ outcome: 'sold_out', intendedAtUs: 1_000, sentAtUs: 1_000, doneAtUs: 2_000 }))
    const { response, service, connect, byOutcome, serviceByOutcome, connectByOutcome } = measures.latency.summary()
    expect([response.max, service.max, connect.max]).toEqual([9, 6, 2])
    expect(byOutcome.sold_out?.max).toBe(1)
    expect(serviceByOutcome.sold?.max).toBe(6)
    expect(connectByOutcome).toEqual({ sold: connect })
    expect(summaryOf(measures.lag.histogram()).max).toBe(1)
  })

  it('call late what left more than 10 ms after its time, connecting apart', () => {
    const measures = new Measures(true, 0)
    measures.add(attempt({ sentAtUs: 30_000, doneAtUs: 31_000, connectUs: 25_000 }))
    expect(measures.late).toBe(0)
    measures.add(attempt({ sentAtUs: 10_001, doneAtUs: 31_000 }))
    expect(measures.late).toBe(1)
  })

  it('do not take a connection made ahead for lag', () => {
    const measures = new Measures(true, 0)
    measures.add(attempt({ intendedAtUs: 0, sentAtUs: 700, doneAtUs: 1_000, connectUs: 5_000 }))
    expect(summaryOf(measures.lag.histogram()).max).toBe(0.7)
  })

  it('count the warm-up, and do not measure it', () => {
    const measures = new Measures(true, 1)
    measures.add(attempt({ intendedAtUs: 999, sentAtUs: 999, doneAtUs: 500_000 }))
    measures.add(attempt({ intendedAtUs: 1_000, sentAtUs: 1_000, doneAtUs: 3_000 }))
    expect(measures.tally.attempts).toBe(2)
    expect(measures.warmingUp).toBe(1)
    expect(measures.latency.summary().response.max).toBe(2)
  })

  it('time decisions from the plan, apart from answers; those of the warm-up are only counted, and winners stand where they sent', () => {
    const measures = new Measures(true, 1)
    for (const sentAtUs of [500, 4_000, 5_000])
      measures.add(attempt({ outcome: 'queued', intendedAtUs: sentAtUs - 100, sentAtUs, doneAtUs: sentAtUs + 1_000 }))
    const sent = { quantity: 1, intendedAtUs: 400, sentAtUs: 500 }
    measures.decide({ ...sent, outcome: 'sold', decidedAtUs: 90_000 })
    measures.decide({ ...sent, intendedAtUs: 4_900, sentAtUs: 5_000, outcome: 'sold', decidedAtUs: 44_900 })
    measures.decide({ ...sent, intendedAtUs: 3_900, sentAtUs: 4_000, outcome: 'sold_out', decidedAtUs: 24_900 })
    const { decisionMs, decisionByOutcome } = measures.latency.decisions()
    expect([decisionMs.max, decisionByOutcome.sold?.max, decisionByOutcome.sold_out?.max]).toEqual([40, 40, 21])
    expect(measures.latency.summary().response.max).toBe(1.1)
    expect(measures.tally.decisions).toBe(3)
    expect(measures.order.winners()).toEqual({ winners: 2, amongFirst: 1, lastPlace: 3 })
  })

  it('keep what was sent and answered in each second; what was not sent is in neither order nor sends', () => {
    const measures = new Measures(true, 0)
    measures.add(attempt({ sentAtUs: 0.9e6, doneAtUs: 2.1e6 }))
    measures.add(attempt({ sentAtUs: 1.5e6, doneAtUs: 2.2e6 }))
    measures.add(attempt({ outcome: 'not_sent', sentAtUs: 0, doneAtUs: 0.1e6 }))
    expect(measures.sent.counts()).toEqual([1, 1])
    expect(measures.answered.counts()).toEqual([1, 0, 2])
    expect(measures.order.winners()).toEqual({ winners: 2, amongFirst: 2, lastPlace: 2 })
  })
})

describe('the order of winners', () => {
  const inOrder = (sends: readonly (readonly [number, boolean])[]) => {
    const order = new SendOrder()
    for (const [at, won] of sends) order.add(at, won)
    return order.winners()
  }

  it('is exact while every send has a bin of its own, whatever the order of answers', () => {
    const plan = fc.uniqueArray(fc.tuple(fc.nat(65_535), fc.boolean()), { selector: ([at]) => at, maxLength: 60 })
    fc.assert(
      fc.property(plan, (sends) => {
        const sorted = [...sends].sort(([a], [b]) => a - b)
        const places = sorted.flatMap(([, won], i) => (won ? [i + 1] : []))
        const winners = places.length
        const amongFirst = places.filter((place) => place <= winners).length
        expect(inOrder(sends)).toEqual(winners === 0 ? null : { winners, amongFirst, lastPlace: places.at(-1) })
      }),
    )
  })

  it('goes by wider bins in a longer run, and loses nobody', () => {
    const hour = 3_600e6
    const sends = Array.from({ length: 1_000 }, (_, i) => [(i * hour) / 1_000, i >= 500] as const)
    expect(inOrder([...sends].reverse())).toEqual({ winners: 500, amongFirst: 0, lastPlace: 1_000 })
  })
})
