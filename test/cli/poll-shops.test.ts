import { describe, expect, it } from 'vitest'
import { seckill } from '../helpers/cli.js'
import { type PolledOrder, polledShop, type Told } from '../helpers/polled-shop.js'

const FLAGS = ['--users', '5', '--quantity', '1', '--outcome', 'queued=status:202']
const POLL = ['--poll', 'GET /orders/{{ticket}}', '--poll-interval', '5ms']

/** A run at a shop; Redis is out of reach. */
const blast = async (tell: (order: PolledOrder) => Told | null, ...flags: string[]) => {
  const { url, orders } = await polledShop(tell)
  const args = ['blast', url, ...FLAGS, ...POLL, ...flags, '--json', '--redis', 'redis://127.0.0.1:1']
  const { stdout, stderr, code } = await seckill(args)
  expect(code, stderr).toBe(0)
  return { ...JSON.parse(stdout).followed, stderr, asked: orders().map(({ polls }) => polls) }
}

const inTurn =
  (...answers: Told[]) =>
  ({ polls }: PolledOrder): Told =>
    answers[Math.min(polls, answers.length) - 1] as Told

describe.each(['socket', 'undici'])('shops and how they answer polls, over %s', (transport) => {
  const fire = (tell: (order: PolledOrder) => Told | null, ...flags: string[]) =>
    blast(tell, '--transport', transport, ...flags)

  it('nothing, null, no data or 404 until it is decided', async () => {
    const json = { 'content-type': 'application/json' }
    const open = [
      { body: '' },
      { body: 'null' },
      { body: '{"data":null}', headers: json },
      { status: 404 },
      { status: 204 },
    ]
    const { outcomes, polls, asked } = await fire(inTurn(...open, 'sold'))
    expect({ outcomes, polls, asked }).toEqual({ outcomes: { sold: 5 }, polls: 30, asked: [6, 6, 6, 6, 6] })
  })

  it('"too many requests": nobody asks again before the time that it names', async () => {
    const refusal = { status: 429, headers: { 'retry-after': '1' } }
    const { outcomes, throttled, asked, decisionMs } = await fire(inTurn(refusal, 'sold_out'))
    expect({ outcomes, throttled, asked }).toEqual({ outcomes: { sold_out: 5 }, throttled: 5, asked: [2, 2, 2, 2, 2] })
    expect(decisionMs.p50).toBeGreaterThan(1_000)
  })

  it('not at all: the run ends with the time of its attempts', async () => {
    const { undecided, outcomes, failures, stderr } = await fire(
      ({ ticket }) => (ticket === 't1' ? 'sold' : null),
      ...['--poll-timeout', '3s'],
    )
    expect({ undecided, outcomes }).toEqual({ undecided: 4, outcomes: { sold: 1 } })
    expect(failures).toEqual([{ count: 4, reason: expect.stringMatching(/timeout|no answer/i) }])
    expect(stderr).toMatch(/warning: 4 attempts stayed undecided; 4 polls brought no answer/)
  })
})
