import { createHmac } from 'node:crypto'
import { say } from '../language/say.js'
import { type Field, type Fields, jsonParts, renderer } from './template.js'

/** A JSON Web Token (RFC 7519) for each user, signed here. */
export interface JwtSpec {
  readonly secret: string
  /** Texts in it may hold placeholders. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds since the epoch: `iat`, and `exp` so much later, where the claims do not say otherwise. */
  readonly issuedAtS: number
  readonly expiresInS: number
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')

const HEADER = base64url('{"alg":"HS256","typ":"JWT"}')

/** The token of a user, signed by HS256. */
export const jwtField = ({ secret, claims, issuedAtS, expiresInS }: JwtSpec, fields: Fields): Field => {
  const whole = { iat: issuedAtS, exp: issuedAtS + expiresInS, ...claims }
  const payload = renderer(jsonParts(whole, fields, say`the claims of users.jwt`))
  return (shot) => {
    const signed = `${HEADER}.${base64url(payload({ ...shot, copy: 0 }))}`
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }
}
