import { expect, it } from 'vitest'
import { compileRequest } from '../../src/load/request.js'
import { requestWriter } from '../../src/load/transports/request-text.js'
import { areNamesPlain, userNamer, userNaming } from '../../src/sale/usernames.js'
import { fc } from '../helpers/fc.js'

const wishes = [
  {},
  { json: { user: '{{user}}', many: '{{quantity}}' } },
  { headers: { 'x-user': '{{user}}' } },
  { path: '/{{user}}', method: 'GET' },
  { method: 'POST', form: {} },
].map((wish) => ({ url: 'http://127.0.0.1:5000/{{user}}/{{uuid}}?from={{ip}}', ...wish }))

const shot = fc.record({
  userIndex: fc.nat(200_000),
  copy: fc.nat(1),
  user: fc.constantFrom('ann', 'bob', 'li lei', '李雷', 'ann@example.com', '李雷雷'),
  quantity: fc.constantFrom(1, 2, 10),
})

it('a request does not depend on those written before it, and says how long it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...wishes), fc.array(shot, { maxLength: 30 }), (wish, shots) => {
      const request = compileRequest(wish)
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

it('names that are vouched for need no encoding', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('random', 'sequential', 'zh', 'template:a b {{index}}'),
      fc.constantFrom(...wishes),
      shot,
      (form, wish, one) => {
        const naming = userNaming(form, 7)
        const named = { ...one, user: userNamer(naming)(one.userIndex) }
        const [vouched, encoded] = [areNamesPlain(naming), false].map((plainUsers) =>
          compileRequest(wish, { plainUsers }),
        )
        expect(vouched!.build(named)).toEqual(encoded!.build(named))
      },
    ),
  )
})
