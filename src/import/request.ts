import { say } from '../language/say.js'
import { type Body, formFields, rawBody } from './body.js'
import type { Draft } from './draft.js'
import { decoded, type Field, type Write } from './field.js'
import { escaped, literalOf, type Piece } from './piece.js'
import type { Props } from './props.js'

/** A request of a sampler, its defaults filled in. */
export interface PlanRequest {
  /** Scheme, host, port. */
  readonly origin: readonly Piece[]
  /** One of methods that the sale file knows. */
  readonly method: string
  readonly path: readonly Piece[]
  readonly query: readonly Field[]
  readonly headers: readonly Field[]
  readonly body: Body
  /** Milliseconds; undefined where the plan waits for ever. */
  readonly timeoutMs: number | undefined
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

export const methodOf = (props: Props): string => props.text('HTTPSampler.method').toUpperCase() || 'GET'

export const isMethod = (name: string): boolean => METHODS.includes(name)

/** What the sampler of a draft sends. */
export const requestOf = (draft: Draft): PlanRequest => {
  const { sampler, defaults, variables, notes } = draft
  const sources = [sampler.props, ...defaults]
  const text = (name: string) =>
    sources.map((props) => props.text(`HTTPSampler.${name}`)).find((it) => it.trim() !== '') ?? ''
  const own = sampler.props.element('HTTPsampler.Arguments')?.list('Arguments.arguments') ?? []
  const named = new Set(own.map((argument) => argument.text('Argument.name')))
  const raw =
    sampler.props.flag('HTTPSampler.postBodyRaw') || (own.length > 0 && [...named].every((name) => name === ''))
  const more = defaults
    .flatMap((props) => props.element('HTTPsampler.Arguments')?.list('Arguments.arguments') ?? [])
    .filter((argument) => argument.text('Argument.name') !== '' && !named.has(argument.text('Argument.name')))
  const all = raw ? own : [...own, ...more]
  for (const argument of all) variables.learn(argument.text('Argument.value'))
  variables.learn(text('path'))

  const method = methodOf(sampler.props)
  const { origin, path, query } = addressOf(text, draft)
  const timeout = variables.number(text('response_timeout'), sampler)?.value ?? 0
  if (/[^\s]/.test(text('contentEncoding')) && !/^utf-?8$/i.test(text('contentEncoding').trim()))
    notes.add('dropped', sampler, say`requests are written in UTF-8, not in ${text('contentEncoding').trim()}`)
  if (sampler.props.flag('HTTPSampler.DO_MULTIPART_POST'))
    notes.add('changed', sampler, say`multipart/form-data is sent as a form`)
  if (sampler.props.element('HTTPsampler.Files')?.list('HTTPFileArgs.files').length)
    notes.add('dropped', sampler, say`files are not uploaded`)
  const fields = raw ? [] : formFields(all, draft)
  const inQuery = method === 'GET' || method === 'DELETE'
  return {
    ...{ origin, method, path, timeoutMs: timeout > 0 ? timeout : undefined },
    query: inQuery ? [...query, ...fields] : query,
    headers: [...draft.headers.values()].map(({ name, value, element }) => ({
      name,
      pieces: variables.resolve(value, element),
    })),
    body: inQuery ? { kind: 'none' } : raw ? rawBody(own, draft) : { kind: 'form', fields },
  }
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/** Where a request goes: a path may be a whole URL. */
const addressOf = (text: (name: string) => string, { sampler, variables, notes }: Draft) => {
  const [, scheme, login, host, rest] = /^(https?):\/\/([^/?#@]*@)?([^/?#]*)(.*)$/is.exec(text('path').trim()) ?? []
  if (login !== undefined) notes.add('dropped', sampler, say`a login in a URL is a secret, and is not written`)
  const protocol = (scheme ?? (text('protocol').trim() || 'http')).toLowerCase()
  const port = text('port').trim()
  const domain = text('domain').trim()
  if (host === undefined && domain === '')
    notes.add('dropped', sampler, say`the plan names no server: 127.0.0.1:5000 was written`)
  const named =
    domain === '' ? '127.0.0.1:5000' : `${domain}${port === '' || port === DEFAULT_PORTS[protocol] ? '' : `:${port}`}`
  const [path = '', ...query] = (rest ?? text('path').trim()).replace(/#.*$/s, '').split('?')
  return {
    origin: variables.resolve(`${protocol}://${host ?? named}`, sampler),
    path: variables.resolve(path.startsWith('/') || path.startsWith('${') ? path : `/${path}`, sampler),
    query: query
      .join('?')
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', ...value] = pair.split('=')
        return { name: decoded(name), pieces: variables.resolve(decoded(value.join('=')), sampler) }
      }),
  }
}

/** The request as the sale file has it. */
export const writeRequest = (request: PlanRequest, write: Write): Record<string, unknown> => {
  const { path, query, headers, method, body } = request
  const pairs = query.map(
    (field, i) => `${i === 0 ? '?' : '&'}${encodeURIComponent(field.name)}=${inUrl(field, write)}`,
  )
  const sent = Object.fromEntries(headers.map((field) => [field.name, write(field)]))
  return {
    path: `${inUrl({ name: '', pieces: path }, write, escaped)}${pairs.join('')}`,
    method,
    ...(body.kind === 'form'
      ? { form: Object.fromEntries(body.fields.map((field) => [field.name, write(field)])) }
      : {}),
    ...(body.kind === 'json' ? { json: body.write(write) } : {}),
    ...(Object.keys(sent).length === 0 ? {} : { headers: sent }),
  }
}

const HOLE = /\{\{[^{}]*\}\}|\$\{[A-Za-z_]\w*(?::-[^}]*)?\}/

/** A value in a URL, encoded around what will be filled in. */
const inUrl = (field: Field, write: Write, encode: (text: string) => string = encodeURIComponent): string => {
  const literal = literalOf(field.pieces)
  const written = write(field)
  if (literal !== undefined && written === escaped(literal)) return encode(literal)
  return written
    .split(new RegExp(`(${HOLE.source})`))
    .map((part, i) => (i % 2 === 1 ? part : encode(part)))
    .join('')
}
