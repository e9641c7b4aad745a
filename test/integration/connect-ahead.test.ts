import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { compileRequest } from '../../src/load/request.js'
import { ConnectQueue } from '../../src/load/transports/connect-queue.js'
import { Connection } from '../../src/load/transports/connection.js'
import { ResponseMemo } from '../../src/load/transports/response-memo.js'
import { SendQueue } from '../../src/load/transports/send-queue.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { rawServer, response } from '../helpers/raw-http.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('a connection whose turn to be made ahead comes after its first request is made once, and so is the request', async () => {
  const server = await rawServer((_request, socket) => socket.write(response('sold out')))
  const where = { host: '127.0.0.1', port: server.port, noDelay: true }
  const buffer = Buffer.allocUnsafeSlow(65_536)
  const shared = {
    method: 'GET',
    nowUs: monotonicUs,
    buffer,
    responses: new ResponseMemo(buffer),
    connects: new ConnectQueue(1),
    sends: new SendQueue(),
    ...{ answering: false, answersEarly: false },
  }
  const connections = Array.from({ length: 6 }, () => new Connection(shared, where, () => {}))
  cleanups.push(server.close, () => connections.map((each) => each.giveUp('over')))
  for (const each of connections) void each.connectAhead()
  const answers = await Promise.all(
    connections.map(
      (each, i) => new Promise((resolve) => each.send(`GET /${i} HTTP/1.1\r\nhost: x\r\n\r\n`, monotonicUs(), resolve)),
    ),
  )
  expect(answers).toMatchObject(Array(6).fill({ reply: { kind: 'http', status: 200 } }))
  expect(server.requests.map(({ path }) => path).sort()).toEqual(['/0', '/1', '/2', '/3', '/4', '/5'])
  expect(server.connections()).toBe(6)
})

it('what was to be connected ahead is not, once the transport is closed', async () => {
  const server = await rawServer(() => {})
  const request = compileRequest({ url: server.url })
  const transport = new SocketTransport({ request, timeoutMs: 20_000, nowUs: monotonicUs })
  cleanups.push(server.close, () => transport.close())
  const opened = transport.open(2_000, 2_000)
  while (server.connections() < 2) await turn()
  await transport.close()
  await opened
  await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('ConnectWrap')
  expect(server.connections()).toBeLessThan(1_000)
})
