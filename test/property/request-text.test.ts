import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileRequest } from '../../src/load/request.js'
import { requestWriter } from '../../src/load/transports/request-text.js'

const targets = [
  {},
  { json: { user: '{{user}}', many: '{{quantity}}' } },
  { headers: { 'x-user': '{{user}}' } },
  { path: '/{{user}}', method: 'GET' },
  { method: 'POST', form: {} },
].map((wish) => compileRequest({ url: 'http://127.0.0.1:5000/seckill', ...wish }))

const shot = fc.record({
  userIndex: fc.nat(200_000),
  copy: fc.nat(1),
  user: fc.constantFrom('ann', 'bob', 'li lei', '李雷', 'ann@example.com', '李雷雷'),
  quantity: fc.constantFrom(1, 2, 10),
})

it('a request does not depend on those written before it, and says how long it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...targets), fc.array(shot, { maxLength: 30 }), (request, shots) => {
      const write = requestWriter(request)
      for (const one of shots) {
        const text = write(one)
        expect(text).toBe(requestWriter(request)(one))
        const [head, body] = text.split('\r\n\r\n') as [string, string]
        expect(Buffer.from(body, 'latin1').toString()).toBe(request.build(one).body ?? '')
        const length = /content-length: (\d+)$/m.exec(head.replaceAll('\r', ''))?.[1]
        expect(length).toBe(request.method === 'GET' ? undefined : String(body.length))
      }
    }),
  )
})
