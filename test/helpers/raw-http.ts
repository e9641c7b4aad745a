import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly head: string
  readonly body: string
}

export interface RawServer {
  readonly port: number
  readonly url: string
  /** Every request that arrived whole, in order. */
  readonly requests: RawRequest[]
  /** Requests whose head is there and whose body is not, and how many bytes of it are missing. */
  readonly unfinished: () => { readonly head: string; readonly missing: number }[]
  /** Connections accepted so far. */
  readonly connections: () => number
  close(): Promise<void>
}

/** An HTTP server on bare sockets, so that a test decides every byte and every packet of the answer. */
export const rawServer = async (answer: (request: RawRequest, socket: Socket) => void): Promise<RawServer> => {
  const requests: RawRequest[] = []
  const open = new Map<Socket, Buffer>()
  let accepted = 0
  const server = createServer({ noDelay: true }, (socket) => {
    accepted++
    open.set(socket, Buffer.alloc(0))
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      let received: Buffer = Buffer.concat([open.get(socket) ?? Buffer.alloc(0), chunk])
      for (let taken = take(received); taken !== null; taken = take(received)) {
        received = taken.rest
        requests.push(taken.request)
        answer(taken.request, socket)
      }
      if (open.has(socket)) open.set(socket, received)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of open.keys()) socket.destroy()
    await closed
  }
  const unfinished = () => [...open.values()].map(missingOf).filter((one) => one !== null)
  return { port, url: `http://127.0.0.1:${port}`, requests, unfinished, connections: () => accepted, close }
}

const lengthOf = (head: string): number => Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)

const missingOf = (received: Buffer): { head: string; missing: number } | null => {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = received.subarray(0, end).toString('latin1')
  return { head, missing: end + 4 + lengthOf(head) - received.length }
}

const take = (received: Buffer): { request: RawRequest; rest: Buffer } | null => {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = received.subarray(0, end).toString('latin1')
  const length = lengthOf(head)
  const rest = received.subarray(end + 4 + length)
  if (received.length < end + 4 + length) return null
  const [method = '', path = ''] = head.split(' ', 2)
  return { request: { method, path, head, body: received.subarray(end + 4, end + 4 + length).toString() }, rest }
}

/** A plain response as one text. */
export const response = (body: string | Buffer, headers = '', status = '200 OK'): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n`),
    Buffer.from(body),
  ])
