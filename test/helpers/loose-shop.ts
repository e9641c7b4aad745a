import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A shop for the length of the test that answers whatever `buy` says, as `seckill serve` writes it. Its URL. */
export const looseShop = async (buy: (user: string, units: number) => Promise<string>): Promise<string> => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const form = new URLSearchParams(body)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(await buy(form.get('username') ?? '', Number(form.get('purchase')))))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/buy`
}

export const SAYS = { sold: '恭喜您，您已抢到。', before: '您已经抢到了，请勿重复请求。' } as const
