import { usageError } from '../errors.js'
import { listed } from '../language/lists.js'
import { say } from '../language/say.js'
import { type FieldSpec, fieldsOf } from './fields.js'
import { compileHeaders } from './headers.js'
import {
  type Fields,
  formEncode,
  jsonParts,
  type Parts,
  parseTemplate,
  placeholdersIn,
  renderer,
  urlEncode,
} from './template.js'
import type { Shot } from './transport.js'

/** What to send. Placeholders such as {{user}} stand in the URL’s path, in path, form, json and headers. Plain data. */
export interface TargetSpec {
  readonly url: string
  /** Replaces path and query of the URL. */
  readonly path?: string | undefined
  /** Default POST. */
  readonly method?: string | undefined
  /** Default `username={{user}}&purchase={{quantity}}`, where the method carries a body. */
  readonly form?: Readonly<Record<string, string>> | undefined
  /** In place of a form. */
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A purchase ready to be sent. Texts in headers are the bytes to send, one a character. */
export interface BuiltRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** A request compiled: literal texts and the holes between them. */
export interface RequestTemplate {
  /** `http://127.0.0.1:5000`: scheme, host, port, never a login. */
  readonly origin: string
  readonly method: string
  /** No body has another character than those of ASCII: a byte each. */
  readonly isAscii: boolean
  /** Throws a usage error where a user's name cannot stand in a header. */
  build(shot: Shot): BuiltRequest
}

/** A target URL taken apart; `path` includes the query, with its placeholders. */
export interface Target {
  readonly origin: string
  readonly hostname: string
  readonly path: string
  /** Value of the Authorization header for a login in the URL. */
  readonly authorization: string | undefined
}

const DEFAULT_FORM = { username: '{{user}}', purchase: '{{quantity}}' }
const METHODS = { GET: false, POST: true, PUT: true, PATCH: true, DELETE: false } as const

/** Compiles the requests of a target; placeholders stand for `fieldSpec`. Throws usage errors. */
export const compileRequest = (spec: TargetSpec, fieldSpec?: FieldSpec): RequestTemplate => {
  const { origin, path, authorization } = parseTarget(spec.url, spec.path)
  const fields = fieldsOf(fieldSpec)
  const method = parseMethod(spec)
  const body = compileBody(spec, method, fields)
  const defaults = { ...(authorization && { authorization }), ...(body && { 'content-type': body.contentType }) }
  const headers = compileHeaders(defaults, spec.headers ?? {}, fields)
  const writePath = renderer(
    parseTemplate(path, { where: say`the path`, fields, encode: urlEncode, literal: encodeLiteral }),
  )
  return {
    origin,
    method,
    isAscii: body?.isAscii ?? true,
    build: (shot) => ({
      path: writePath(shot),
      headers: headers(shot),
      body: body === null ? null : body.write(shot),
    }),
  }
}

/** Whether a request says how many units are wanted; one that does not asks for one. */
export const asksForQuantity = ({ form, json, method = 'POST', url, path, headers }: TargetSpec): boolean => {
  const usual = form === undefined && json === undefined && METHODS[method.toUpperCase() as keyof typeof METHODS]
  return usual || placeholdersIn(JSON.stringify([url, path, form, json, headers])).includes('quantity')
}

const parseMethod = ({ method = 'POST', form, json }: TargetSpec): keyof typeof METHODS => {
  const name = method.toUpperCase() as keyof typeof METHODS
  if (!Object.hasOwn(METHODS, name)) {
    throw usageError(say`method ${JSON.stringify(method)} does not buy`, say`one of ${listed(Object.keys(METHODS))}`)
  }
  if (name === 'GET' && (form !== undefined || json !== undefined)) {
    throw usageError(say`GET carries no form and no JSON`, say`put the placeholders into the query: ?user={{user}}`)
  }
  return name
}

const compileBody = (spec: TargetSpec, method: keyof typeof METHODS, fields: Fields) => {
  if (spec.json !== undefined) {
    if (spec.form !== undefined) throw usageError(say`a request has a form or JSON, not both`)
    return { contentType: 'application/json', isAscii: false, write: renderer(jsonParts(spec.json, fields)) }
  }
  if (spec.form === undefined && !METHODS[method]) return null
  const parts = Object.entries(spec.form ?? DEFAULT_FORM).flatMap(
    ([name, value], i): Parts => [
      `${i === 0 ? '' : '&'}${formEncode(name)}=`,
      ...parseTemplate(value, { where: say`form field ${name}`, fields, encode: formEncode }),
    ],
  )
  return { contentType: 'application/x-www-form-urlencoded', isAscii: true, write: renderer(parts) }
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)/i

/** Checks an http or https URL; `pathOverride` replaces its path and query. Throws a usage error that shows no password. */
export const parseTarget = (text: string, pathOverride?: string): Target => {
  const bad = (why: string, hint: string) => usageError(say`target ${JSON.stringify(displayUrl(text))} ${why}`, hint)
  const [, scheme, authority = '', rest = ''] = URL_PARTS.exec(text) ?? []
  if (scheme === undefined) {
    const local = text === '' || text.startsWith('/')
    throw bad(say`has no scheme`, say`write http://${local ? `127.0.0.1:5000${text}` : displayUrl(text)}`)
  }
  if (!/^https?$/i.test(scheme)) throw bad(say`is neither http nor https`, say`write http://HOST:PORT/PATH`)
  if (/^(?:.*@)?(?::\d*)?$/.test(authority)) throw bad(say`has no host`, say`write http://127.0.0.1:5000/seckill`)
  const url = parseOrigin(`${scheme}://${authority}`)
  if (url === null || url.port === '0' || /[{}]/.test(url.host)) {
    const hint = authority.endsWith(':{port}')
      ? say`{port} is known only with --start`
      : say`write http://HOST:PORT/PATH`
    throw bad(say`has no usable host or port`, hint)
  }
  if (pathOverride !== undefined && !pathOverride.startsWith('/')) {
    throw usageError(
      say`path ${JSON.stringify(displayUrl(pathOverride))} does not begin with a slash`,
      say`for example --path /incr`,
    )
  }
  const path = pathOverride?.replace(/#.*$/s, '') ?? (rest.startsWith('/') ? rest : `/${rest}`)
  const { origin, hostname, username, password } = url
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  return { origin, hostname, path, authorization: username || password ? `Basic ${login}` : undefined }
}

const parseOrigin = (text: string): URL | null => {
  try {
    const url = new URL(text)
    // A stray % in a login fails here, not at the first request.
    decodeURIComponent(url.username + url.password)
    return url
  } catch {
    return null
  }
}

/** Characters that may not stand in a request line are percent-encoded; what is encoded stays. */
const encodeLiteral = (text: string): string => text.replace(/[^\x21-\x7e]|["<>`{}|\\^]/gu, urlEncode)

const SECRET_QUERY = /([?&][^=&#]*(?:token|passw|pwd|secret|key|sign|auth)[^=&#]*=)[^&#]*/gi

/** A URL as it may be shown: without login, and without what its query calls a token, key, password or the like. */
export const displayUrl = (text: string): string => {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(text) as unknown as [
    string,
    string | undefined,
    string,
  ]
  const authority = /^[^/?#]*/.exec(rest)![0]
  // A password with a raw slash or hash ends the authority early, and what is left of it looks like a bad port.
  const plainHost = /^(?:\[[^\]]*\]|[^:@]*)(?::(?:\d*|\{port\}))?$/.test(authority)
  const login = plainHost ? -1 : rest.lastIndexOf('@')
  return `${scheme ?? ''}${login < 0 ? '' : '***@'}${rest.slice(login + 1).replace(SECRET_QUERY, '$1***')}`
}
