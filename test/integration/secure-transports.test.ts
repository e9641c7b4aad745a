import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createProxy, request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Classifier } from '../../src/load/classify.js'
import { compileRequest } from '../../src/load/request.js'
import type { Answer, Shot } from '../../src/load/transport.js'
import { type HttpSettings, httpTransport } from '../../src/load/transports/http.js'
import { SocketTransport } from '../../src/load/transports/socket.js'
import { UndiciTransport } from '../../src/load/transports/undici.js'
import { monotonicUs } from '../../src/sale/clock.js'
import { rawServer, response } from '../helpers/raw-http.js'
import { arm, send } from '../helpers/transport.js'

const tls = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url))
const KEYS = { key: tls('key'), cert: tls('cert') }
const SOLD = '"恭喜您，您已抢到。"'
const shot = (userIndex: number): Shot => ({ userIndex, copy: 0, user: `u${userIndex}`, quantity: 1 })
const outcomeOf = ({ reply }: Answer) => new Classifier([]).classify(reply).outcome

const portOf = async (server: { listen(port: number, host: string): unknown; address(): unknown }): Promise<number> => {
  server.listen(0, '127.0.0.1')
  await once(server as unknown as Server, 'listening')
  return (server.address() as AddressInfo).port
}

/** An HTTPS server that sells to everybody; the versions of HTTP that it was asked in. */
const secureShop = async (http2: boolean) => {
  const versions: string[] = []
  const open = new Set<Socket>()
  const sell = (request: Readable & { httpVersion: string }, answer: { end(text: string): unknown }) => {
    request.resume().once('end', () => {
      versions.push(request.httpVersion)
      answer.end(SOLD)
    })
  }
  const server = http2 ? createSecureServer({ ...KEYS, allowHTTP1: true }, sell) : createServer(KEYS, sell)
  server.on('secureConnection', (socket) => open.add(socket)).on('tlsClientError', () => {})
  const port = await portOf(server)
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { url: `https://127.0.0.1:${port}/buy`, versions }
}

const transportTo = async (url: string, settings: HttpSettings, slots = 1) => {
  const request = compileRequest({ url })
  const transport = await httpTransport({ request, timeoutMs: 10_000, nowUs: monotonicUs, ...settings })
  onTestFinished(() => transport.close())
  await transport.open(slots)
  return transport
}

describe('https', () => {
  it('whose certificate does not verify: target_unreachable, with what to do', async () => {
    const { url, versions } = await secureShop(false)
    await expect(transportTo(url, {})).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining('no TLS connection'),
      hint: expect.stringContaining('--insecure'),
    })
    expect(versions).toEqual([])
  })

  it('sells with --insecure, and lets a burst go', async () => {
    const { url, versions } = await secureShop(false)
    const transport = await transportTo(url, { insecure: true }, 3)
    expect(outcomeOf(await send(transport, 0, shot(1)))).toBe('sold')
    const answers: Promise<Answer>[] = []
    expect(await Promise.all([0, 1, 2].map((slot) => arm(transport, slot, shot(slot), answers)))).toEqual([
      true,
      true,
      true,
    ])
    expect(versions).toHaveLength(1)
    transport.release()
    expect((await Promise.all(answers)).map(outcomeOf)).toEqual(['sold', 'sold', 'sold'])
    expect(versions).toEqual(['1.1', '1.1', '1.1', '1.1'])
  })

  it('--http2 speaks HTTP/2, a burst too', async () => {
    const { url, versions } = await secureShop(true)
    const transport = await transportTo(url, { insecure: true, http2: true }, 2)
    for (const user of [1, 2]) expect(outcomeOf(await send(transport, 0, shot(user)))).toBe('sold')
    const answers: Promise<Answer>[] = []
    expect(await arm(transport, 1, shot(3), answers)).toBe(true)
    transport.release()
    expect(outcomeOf((await answers[0])!)).toBe('sold')
    expect(versions).toEqual(['2.0', '2.0', '2.0'])
  })

  it('--http2 at a server that does not: says so', async () => {
    const { url } = await secureShop(false)
    await expect(transportTo(url, { insecure: true, http2: true })).rejects.toMatchObject({ code: 'unsupported' })
  })
})

/** A proxy that forwards and tunnels to those who bring the login. */
const proxyServer = async (login: string | null) => {
  const seen: string[] = []
  const allowed = ({ headers }: IncomingMessage) =>
    login === null || headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`
  const proxy = createProxy((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`)
    if (!allowed(incoming)) return outgoing.writeHead(407).end()
    const { method, headers } = incoming
    const onward = httpRequest(incoming.url!, { method: method!, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(outgoing)
    })
    return incoming.pipe(onward)
  })
  proxy.on('connect', (incoming, socket) => {
    seen.push(`CONNECT ${incoming.url}`)
    if (!allowed(incoming)) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const [host, port] = incoming.url!.split(':')
    const onward = connect(Number(port), host!, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [onward, socket]) end.on('error', () => {})
    return socket
  })
  const port = await portOf(proxy)
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: (user = '') => `http://${user}127.0.0.1:${port}`, seen }
}

describe('a proxy', () => {
  it('forwards plain http, with a login', async () => {
    const shop = await rawServer((_request, socket) => socket.write(response(SOLD)))
    onTestFinished(shop.close)
    const proxy = await proxyServer('me:secret')
    const transport = await transportTo(`${shop.url}/buy`, { proxy: proxy.url('me:secret@') })
    for (const user of [1, 2]) expect(outcomeOf(await send(transport, 0, shot(user)))).toBe('sold')
    expect(proxy.seen).toEqual(Array(2).fill(`POST ${shop.url}/buy`))
    expect(shop.requests.map(({ path }) => path)).toEqual(['/buy', '/buy'])
    expect(shop.requests[0]!.head).toContain(`host: ${shop.url.slice('http://'.length)}`)
  })

  it('tunnels https', async () => {
    const { url, versions } = await secureShop(false)
    const proxy = await proxyServer(null)
    const transport = await transportTo(url, { proxy: proxy.url(), insecure: true })
    for (const user of [1, 2]) expect(outcomeOf(await send(transport, 0, shot(user)))).toBe('sold')
    expect(versions).toHaveLength(2)
    expect(proxy.seen.every((line) => line === `CONNECT ${new URL(url).host}`)).toBe(true)
  })

  it('that refuses a tunnel is named, and its password is not', async () => {
    const { url } = await secureShop(false)
    const proxy = await proxyServer('me:secret')
    await expect(transportTo(url, { proxy: proxy.url('me:Sesame@'), insecure: true })).rejects.toMatchObject({
      code: 'target_unreachable',
      message: `no way through the proxy ${proxy.url()} (status 407)`,
    })
  })
})

describe.each([
  ['socket', SocketTransport],
  ['undici', UndiciTransport],
])('%s: local addresses', (_name, Transport) => {
  it.runIf(process.platform === 'linux')('are taken in turn', async () => {
    const from: string[] = []
    const server = await rawServer((_request, socket) => {
      from.push(socket.remoteAddress!)
      socket.write(response(SOLD))
    })
    onTestFinished(server.close)
    const request = compileRequest({ url: server.url })
    const localAddresses = ['127.0.0.2', '127.0.0.3']
    const transport = new Transport({ request, timeoutMs: 10_000, nowUs: monotonicUs, localAddresses })
    onTestFinished(() => transport.close())
    await transport.open(3)
    for (const slot of [0, 1, 2]) expect(outcomeOf(await send(transport, slot, shot(slot)))).toBe('sold')
    expect(from).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.2'])
  })
})
