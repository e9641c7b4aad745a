import { afterEach, expect, it } from 'vitest'
import { runEngine } from '../../src/load/engine.js'
import { burstModel } from '../../src/load/models/burst.js'
import { attemptsOf } from '../../src/load/plan.js'
import { compileRequest } from '../../src/load/request.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { rawServer, response } from '../helpers/raw-http.js'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('an attempt that follows from an answer, and is never sent, did not fail before it was meant to leave', async () => {
  const slots = 20
  let answered = 0
  const server = await rawServer((_request, socket) => {
    socket.end(response('sold out', 'connection: close\r\n'))
    // The second burst finds nobody.
    if (++answered === slots) void server.close()
  })
  const request = compileRequest({ url: server.url })
  const transport = new SocketTransport({ request, timeoutMs: 20_000, nowUs: monotonicUs })
  cleanups.push(() => transport.close())
  await transport.open(slots)
  const waitsUs: number[] = []
  const run = runEngine({
    transport,
    attempts: attemptsOf({ users: 2 * slots, seed: 1, duplicates: 0, quantity: { min: 1, max: 1 } }),
    nameOf: String,
    nowUs: monotonicUs,
    model: burstModel(slots, async () => {}),
    record: (_planned, { sentAtUs }, intendedAtUs) => waitsUs.push(sentAtUs - intendedAtUs),
    signal: new AbortController().signal,
    graceMs: 100,
  })
  await expect(run).rejects.toMatchObject({ code: 'burst_unfilled' })
  expect(waitsUs).toHaveLength(2 * slots)
  expect(Math.min(...waitsUs)).toBeGreaterThanOrEqual(0)
})
