import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseOutcomeRule } from '../../src/history/outcome-rules.js'
import { Decisions } from '../../src/load/decisions.js'
import { Follower, type FollowOptions } from '../../src/load/follow.js'
import { knownStates } from '../../src/load/poll.js'
import type { Answer, Done, HttpReply, Reply, Shot, Transport } from '../../src/load/transport.js'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

const nowUs = () => Date.now() * 1_000
const answer = (reply: Reply): Answer => ({ sentAtUs: nowUs(), doneAtUs: nowUs(), connectUs: 0, reply })
const http = (status: number, body: string, headers?: HttpReply['headers']): HttpReply => ({
  ...{ kind: 'http', status, body: Buffer.from(body), contentType: 'application/json' },
  ...(headers && { headers }),
})
const SOLD = http(200, '{"state":"sold"}')
const PENDING = http(200, '{"state":"pending"}')

/** Answers polls, in turn for each user; the last answer again and again. Undefined: never. */
class Shop implements Transport {
  /** When polls came, in ms from the start. */
  readonly polls: number[] = []
  readonly #startMs = Date.now()
  readonly #answers: readonly (Reply | undefined)[]
  readonly #asked = new Map<number, number>()
  readonly #open = new Set<Done>()

  constructor(...answers: (Reply | undefined)[]) {
    this.#answers = answers
  }

  async open(): Promise<void> {}

  send(_slot: number, { userIndex }: Shot, done: Done): void {
    this.polls.push(Date.now() - this.#startMs)
    const asked = this.#asked.get(userIndex) ?? 0
    this.#asked.set(userIndex, asked + 1)
    const reply = this.#answers[Math.min(asked, this.#answers.length - 1)]
    this.#open.add(done)
    if (reply === undefined) return
    setTimeout(() => this.#open.delete(done) && done(answer(reply)), 1)
  }

  async close(): Promise<void> {
    for (const done of this.#open) done(answer({ kind: 'failed', outcome: 'unknown', note: 'interrupted' }))
    this.#open.clear()
  }
}

const follow = (shop: Shop, users = 1, options: Partial<FollowOptions> = {}, accepted = http(202, '')) => {
  const results = new Decisions()
  const follower = new Follower({
    ...{ transport: shop, ticketOf: null, nameOf: (user) => `u${user}`, nowUs, results },
    ...{ intervalMs: 100, timeoutMs: 2_000, slots: 32, mostOpen: 500_000 },
    rules: [parseOutcomeRule('sold=json:$.data.id'), ...knownStates('http')],
    ...options,
  })
  for (let userIndex = 0; userIndex < users; userIndex++)
    follower.follow({ userIndex, copy: 0, quantity: 1 }, answer(accepted), nowUs())
  const stop = new AbortController()
  let tookMs: number | null = null
  const startMs = Date.now()
  const finished = follower.finish(stop.signal).then(() => {
    tookMs = Date.now() - startMs
  })
  return { results, finished, stop, tookMs: () => tookMs }
}

/** Lets all of it happen; when it was over, and what it came to. */
const toTheEnd = async ({ results, finished, tookMs }: ReturnType<typeof follow>) => {
  await vi.advanceTimersByTimeAsync(60_000)
  await finished
  return { ...results.summary(), tookMs: tookMs() }
}

describe('ways to say "not yet"', () => {
  it.each([
    ['200 and nothing', http(200, '')],
    ['200 and null', http(200, 'null')],
    ['200 and no data', http(200, '{"code":0,"data":null}')],
    ['204', http(204, '')],
    ['404', http(404, '{"error":"no such order"}')],
    ['404 and a page', http(404, '<html>Not Found</html>')],
    ['500', http(500, 'oops')],
  ])('%s: asked again, until it is decided', async (_name, pending) => {
    const shop = new Shop(pending, pending, http(200, '{"code":0,"data":{"id":7}}'))
    const { outcomes, polls, throttled } = await toTheEnd(follow(shop))
    expect({ outcomes, polls, throttled }).toEqual({ outcomes: { sold: 1 }, polls: 3, throttled: 0 })
    expect(shop.polls).toEqual([100, 201, 302])
  })

  it('an answer that never changes leaves it undecided when its time is over', async () => {
    const shop = new Shop(http(404, ''))
    const { undecided, tookMs, polls } = await toTheEnd(follow(shop))
    expect([undecided, polls]).toEqual([1, 19])
    expect(tookMs).toBeLessThan(2_000)
  })
})

describe('polls that come too often', () => {
  it('wait twice as long after each refusal in a row, and are counted', async () => {
    const shop = new Shop(http(429, ''), http(429, ''), PENDING, SOLD)
    const { outcomes, throttled } = await toTheEnd(follow(shop))
    expect([outcomes, throttled]).toEqual([{ sold: 1 }, 2])
    expect(shop.polls).toEqual([100, 301, 702, 803])
  })

  it.each([
    ['429 and seconds', http(429, '', { 'retry-after': '1' }), 1_101],
    ['503 and seconds', http(503, '', { 'retry-after': '1' }), 1_101],
    ['429 and a date', http(429, '', { 'retry-after': new Date(1_002_000).toUTCString() }), 2_000],
    ['a pending order that is expected to take longer', { ...PENDING, headers: { 'retry-after': '1' } }, 1_101],
    ['less than the interval', http(200, '', { 'retry-after': '0' }), 201],
    ['nothing that anybody can read', http(200, '', { 'retry-after': 'soon' }), 201],
  ])('wait as long as the answer says: %s', async (_name, refusal, again) => {
    const shop = new Shop(refusal, SOLD)
    const { outcomes } = await toTheEnd(follow(shop, 1, { timeoutMs: 5_000 }))
    expect(outcomes).toEqual({ sold: 1 })
    expect(shop.polls).toEqual([100, again])
  })

  it('begin when the answer that accepted the order says so', async () => {
    const shop = new Shop(SOLD)
    await toTheEnd(follow(shop, 1, {}, http(202, '', { 'retry-after': '1' })))
    expect(shop.polls).toEqual([1_000])
  })

  it('that are to begin after their time, or in years, are not made, and no timer rings meanwhile', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout')
    const shop = new Shop(SOLD)
    const following = follow(shop, 2, {}, http(202, '', { 'retry-after': '99999999' }))
    const { undecided, tookMs } = await toTheEnd(following)
    expect([undecided, tookMs, shop.polls, timers.mock.calls.length]).toEqual([2, 0, [], 0])
    timers.mockRestore()
  })

  it('that are to wait longer than their time stay undecided, at once', async () => {
    const { undecided, polls, tookMs } = await toTheEnd(follow(new Shop(http(429, '', { 'retry-after': '3600' }))))
    expect([undecided, polls, tookMs]).toEqual([1, 1, 101])
  })

  it('a shop that refuses all of them is asked less and less, within their time', async () => {
    const shop = new Shop(http(429, ''))
    const { undecided, polls, throttled } = await toTheEnd(follow(shop, 10, { timeoutMs: 60_000 }))
    expect([undecided, throttled]).toEqual([10, polls])
    expect(polls).toBeLessThan(10 * 15)
    expect(shop.polls.at(-1)).toBeLessThan(60_000)
  })
})

describe('polls that hang', () => {
  it('end with the time of their attempts', async () => {
    const { undecided, polls, tookMs } = await toTheEnd(follow(new Shop(undefined)))
    expect([undecided, polls, tookMs]).toEqual([1, 1, 3_000])
  })

  it('hold up nobody but those who find no free slot', async () => {
    const shop = new Shop(PENDING, SOLD)
    const send = shop.send.bind(shop)
    shop.send = (slot, shot, done) => {
      if (shot.userIndex > 0) send(slot, shot, done)
    }
    const { outcomes, undecided } = await toTheEnd(follow(shop, 5, { slots: 2 }))
    expect([outcomes, undecided]).toEqual([{ sold: 4 }, 1])
  })
})

describe('a follower', () => {
  it('names what polls failed of, the most frequent first', async () => {
    const failed = (note: string): Reply => ({ kind: 'failed', outcome: 'not_sent', note })
    const shop = new Shop(failed('ECONNREFUSED'), failed('timeout'), failed('timeout'), SOLD)
    const { outcomes, failures } = await toTheEnd(follow(shop, 2))
    expect(outcomes).toEqual({ sold: 2 })
    expect(failures).toEqual([
      { count: 4, reason: 'timeout' },
      { count: 2, reason: 'ECONNREFUSED' },
    ])
  })

  it('shows what no rule knows, alike answers as one; what is known to mean "not yet" needs no rule', async () => {
    const [first, second] = ['{"id":"u3k9x2mq","code":77}', '{"id":"u8pd3k1z","code":77}'].map((body) =>
      http(200, body),
    )
    const shop = new Shop(first, second, PENDING, http(404, 'no'), http(429, ''), SOLD)
    expect((await toTheEnd(follow(shop))).unmatched).toEqual([
      { count: 2, sample: '200 {"id":"u3k9x2mq","code":77}' },
      { count: 1, sample: '404 no' },
    ])
  })

  it('tells at most twenty reasons apart', () => {
    const results = new Decisions()
    for (let i = 0; i < 100; i++) results.failed(`reason ${i}`)
    expect(results.summary().failures).toHaveLength(21)
    expect(results.summary().failures[0]).toEqual({ count: 80, reason: 'others' })
  })

  it('follows no more at once than it may', async () => {
    const { outcomes, undecided, notFollowed } = await toTheEnd(follow(new Shop(SOLD), 5, { mostOpen: 3 }))
    expect([outcomes, undecided, notFollowed]).toEqual([{ sold: 3 }, 2, 2])
  })

  it('that is stopped keeps what was decided', async () => {
    const shop = new Shop(PENDING, SOLD)
    const following = follow(shop, 1, { intervalMs: 100 })
    const slow = follow(new Shop(PENDING), 1)
    await vi.advanceTimersByTimeAsync(500)
    for (const { stop } of [following, slow]) stop.abort()
    await Promise.all([following.finished, slow.finished])
    expect(following.results.summary()).toMatchObject({ outcomes: { sold: 1 }, undecided: 0 })
    expect(slow.results.summary()).toMatchObject({ outcomes: {}, undecided: 1 })
    const asked = shop.polls.length
    await vi.advanceTimersByTimeAsync(5_000)
    expect(shop.polls).toHaveLength(asked)
  })
})
