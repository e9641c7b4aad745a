import { expect, it } from 'vitest'
import { fieldsOf } from '../../src/load/fields.js'
import type { Shot } from '../../src/load/transport.js'

const shot: Shot = { userIndex: 7, copy: 0, user: '王伟', quantity: 2 }

it('signs as RFC 7515 says', () => {
  const jwt = {
    secret: 'your-256-bit-secret',
    claims: { sub: '1234567890', name: 'John Doe', iat: 1516239022, exp: 1 },
  }
  const { jwt: field } = fieldsOf({ jwt: { ...jwt, issuedAtS: 0, expiresInS: 60 } })
  const [head, payload, signature] = field!(shot).split('.') as [string, string, string]
  const text = (part: string) => Buffer.from(part, 'base64url').toString()
  expect(text(head)).toBe('{"alg":"HS256","typ":"JWT"}')
  expect(text(payload)).toBe('{"iat":1516239022,"exp":1,"sub":"1234567890","name":"John Doe"}')
  // openssl dgst -sha256 -hmac of the first two parts.
  expect(signature).toBe('9VLSN7Pg0ZwI7-k3RYQuwo9fcGyV2FYeW8cP8ukerZ0')
})

it('holds the user, the same for both clicks', () => {
  const claims = { sub: '{{user}}', uid: '{{index}}', jti: '{{uuid}}' }
  const { jwt } = fieldsOf({ seed: 1, jwt: { secret: 's', claims, issuedAtS: 100, expiresInS: 60 } })
  const token = jwt!(shot)
  expect(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())).toEqual({
    ...{ iat: 100, exp: 160, sub: '王伟', uid: 7, jti: expect.any(String) },
  })
  expect(jwt!({ ...shot, copy: 1 })).toBe(token)
})
