import { connect } from 'node:net'

const CONNECT_MS = 1_000
const ANSWER_MS = 2_000

/** Whether something accepts connections at the host and port of a URL. */
export const isListening = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port, protocol } = new URL(url)
    const socket = connect({
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      timeout: CONNECT_MS,
    })
    const settle = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('timeout', () => settle(false))
  })

/** Whether a URL answers with a status below 500. */
export const isReady = async (url: string): Promise<boolean> => {
  const { request } = await import('undici')
  try {
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(ANSWER_MS), reset: true })
    await body.dump()
    return statusCode < 500
  } catch {
    return false
  }
}
