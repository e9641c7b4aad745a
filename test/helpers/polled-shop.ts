import { createServer, type OutgoingHttpHeaders } from 'node:http'
import { onTestFinished } from 'vitest'

export interface PolledOrder {
  /** `t1`, `t2`, … in the order of coming. */
  readonly ticket: string
  /** Of whoever ordered. */
  readonly user: string
  /** How often it has been asked about, this time included. */
  readonly polls: number
}

/** What a poll is answered: a state, as our own server says it; or a whole answer. */
export type Told = string | { readonly status?: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string }

/** A shop that accepts every order, and answers polls as `tell` says; a poll that is told nothing hangs. */
export const polledShop = async (tell: (order: PolledOrder) => Told | null) => {
  const orders = new Map<string, PolledOrder>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.method === 'POST') {
        const ticket = `t${orders.size + 1}`
        const user = new URLSearchParams(Buffer.concat(parts).toString()).get('username') ?? ''
        orders.set(ticket, { ticket, user, polls: 0 })
        return response.writeHead(202, { 'x-ticket': ticket }).end(JSON.stringify({ ticket }))
      }
      const ticket = (request.url as string).slice('/orders/'.length)
      const known = orders.get(ticket) ?? { ticket, user: '', polls: 0 }
      const order = { ...known, polls: known.polls + 1 }
      orders.set(ticket, order)
      const told = tell(order)
      if (told === null) return
      const {
        status = 200,
        headers = {},
        body = '',
      } = typeof told === 'string' ? { body: JSON.stringify({ ticket, state: told }) } : told
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}/queue`, orders: () => [...orders.values()] }
}
