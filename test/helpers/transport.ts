import type { Answer, Done, GatedTransport, Shot, Transport } from '../../src/load/transport.js'

/** Resolves with an answer as it was when it came: its body may lie in a buffer that is read into again. */
const awaited = (start: (done: Done) => void): Promise<Answer> =>
  new Promise((resolve, reject) => {
    start((answer) => {
      if (answer instanceof Error) return reject(answer)
      const { reply } = answer
      resolve(reply.kind === 'http' ? { ...answer, reply: { ...reply, body: Buffer.from(reply.body) } } : answer)
    })
  })

export const send = (transport: Transport, slot: number, shot: Shot): Promise<Answer> =>
  awaited((done) => transport.send(slot, shot, done))

/** Whether the attempt waits for its release; its answer goes to `answers`. */
export const arm = (
  transport: GatedTransport,
  slot: number,
  shot: Shot,
  answers: Promise<Answer>[],
): Promise<boolean> => {
  let armed: Promise<boolean> | undefined
  answers.push(
    awaited((done) => {
      armed = transport.arm(slot, shot, done)
    }),
  )
  return armed!
}
