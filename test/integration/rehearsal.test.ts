import { expect, it } from 'vitest'
import type { Attempt } from '../../src/history/attempt.js'
import { Classifier } from '../../src/load/classify.js'
import { LocalCrew } from '../../src/load/crew.js'
import { compileRequest } from '../../src/load/request.js'
import { shapeOf } from '../../src/load/shape.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { rawServer, response } from '../helpers/raw-http.js'

it('is counted nowhere, and the target sees nothing of it', async () => {
  const users = 1_000
  const server = await rawServer((_request, socket) => socket.write(response('sold out')))
  const request = compileRequest({ url: server.url })
  const transport = new SocketTransport({ request, timeoutMs: 20_000, nowUs: monotonicUs })
  const rehearsed: string[] = []
  const twinAt = transport.twinAt.bind(transport)
  transport.twinAt = (origin) => {
    rehearsed.push(origin)
    return twinAt(origin)
  }
  const classifier = new Classifier([])
  const taken: Attempt[] = []
  const crew = new LocalCrew({
    plan: { users, seed: 1, duplicates: 0, quantity: { min: 1, max: 1 } },
    shape: shapeOf({ burst: true, concurrency: 50 }, Date.now()),
    users: { kind: 'sequential' },
    signal: new AbortController().signal,
    take: (attempt) => void taken.push(attempt),
    originUs: () => 0,
    ...{ transport, classifier },
  })
  try {
    await crew.open()
    expect(rehearsed).not.toEqual([])
    expect([server.requests.length, taken.length, classifier.groups().length]).toEqual([0, 0, 0])
    await crew.fire(monotonicUs())
    expect([server.requests.length, taken.length]).toEqual([users, users])
  } finally {
    await crew.close()
    await server.close()
  }
})
