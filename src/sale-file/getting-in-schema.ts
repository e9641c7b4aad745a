import { z } from 'zod'
import { say } from '../language/say.js'
import { USERNAME_FORMS } from '../sale/usernames.js'
import { fields, share, text, time } from './parts.js'

const request = {
  path: text.optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  form: fields.optional(),
  json: z.unknown().optional(),
  headers: fields.optional(),
}

const capture = z
  .record(z.string().regex(/^[A-Za-z_][\w-]*$/, { error: () => say`must be a name of letters, digits, _ and -` }), text)
  .describe('placeholder → json:$.path, header:NAME, cookie:NAME or regex:/…(…)…/')

const login = z.strictObject({
  url: text.optional().describe('default: path on the host of the target'),
  ...request,
  capture,
  rate: text.optional().describe('such as 200/s; default as fast as they are answered'),
  concurrency: z.int().min(1).max(1_000).optional().describe('logins under way at once; default 20'),
})

const jwt = z
  .strictObject({
    secret: text.describe('best from the environment: ${JWT_SECRET}'),
    claims: z.record(z.string(), z.unknown()).describe('texts may hold placeholders; iat and exp are added'),
    expiresIn: time.optional().describe('default 1h'),
  })
  .describe('a token signed here by HS256, as {{jwt}}')

const redis = z
  .strictObject({
    key: text.describe('such as login:token:{{token}}'),
    token: text.optional().describe('what {{token}} stands for; default {{uuid}}'),
    hash: fields.optional().describe('the session as a hash'),
    string: text.optional().describe('the session as a string'),
    ttl: time.optional().describe('lifetime, should this process be killed; default 1h'),
  })
  .describe('a session written for each user before the run, and removed after it')

export const users = z.strictObject({
  names: text.optional().describe(`${USERNAME_FORMS}; default random`),
  file: text
    .optional()
    .describe('CSV with a column user, from the folder of this file; other columns become placeholders'),
  duplicates: share.optional().describe('share of the users who click twice at once'),
  login: login.optional().describe('a request for each user before the clock starts'),
  jwt: jwt.optional(),
  redis: redis.optional(),
})

export const attempt = z.strictObject({
  steps: z
    .array(z.strictObject({ ...request, capture }))
    .min(1)
    .max(5)
    .optional()
    .describe('requests before each purchase, within its time: for a hidden path or a CSRF token'),
})
