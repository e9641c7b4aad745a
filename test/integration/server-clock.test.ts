import type { Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { serverClockOffset } from '../../src/load/server-clock.js'
import { rawServer } from '../helpers/raw-http.js'

const serve = async (answer: (socket: Socket) => void): Promise<string> => {
  const server = await rawServer((_request, socket) => answer(socket))
  onTestFinished(server.close)
  return server.url
}

it('the offset of a clock that is 5 s ahead, to what it says of its own precision', async () => {
  const date = () => new Date(Date.now() + 5_000).toUTCString()
  const url = await serve((socket) =>
    socket.write(`HTTP/1.1 404 Not Found\r\ndate: ${date()}\r\ncontent-length: 0\r\n\r\n`),
  )
  const offset = await serverClockOffset(url, false)
  expect(Math.abs(offset!.offsetMs - 5_000)).toBeLessThanOrEqual(offset!.withinMs + 1)
})

it.each<[string, (socket: Socket) => void]>([
  ['sends no Date', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')],
  ['hangs up', (socket) => socket.destroy()],
])('a server that %s: unknown', async (_name, answer) => {
  expect(await serverClockOffset(await serve(answer), false)).toBeNull()
})
