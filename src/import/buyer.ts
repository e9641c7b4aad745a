import { say } from '../language/say.js'
import type { DataSet, Draft } from './draft.js'
import type { Field, Write } from './field.js'
import { type DrawnPiece, envReference, escaped, type Piece } from './piece.js'
import type { PlanRequest } from './request.js'

/** Who buys and how much, as the fields of a purchase tell. */
export interface Buyer {
  /** As `users.names` takes it; undefined for the usual names, or a file. */
  readonly names: string | undefined
  /** The file of users, and which of its columns names them. */
  readonly table: { readonly data: DataSet; readonly user: string | null } | undefined
  /** As `load.quantity` takes it. */
  readonly quantity: string | number | undefined
  /** A thread is one user, however often it tries. */
  readonly perThread: boolean
  /** How many different users random numbers may give; undefined where that is not bounded. */
  readonly drawnFrom: number | undefined
  readonly write: Write
}

const USER =
  /^(user(_?name|_?id|_?no)?|uid|account|phone|mobile|tel|buyer(_?id)?|member(_?id)?|customer(_?id)?|name|用户.*)$/i
const QUANTITY = /^(purchase|quantity|qty|amount|count|num|number|units?|buy_?(num|count)|n|数量)$/i
/** They differ from request to request, and name nobody. */
const NONCE =
  /^(_|t|ts|time(stamp)?|nonce|rand(om)?|r|sign|signature|captcha|code|.*(request|trace|order).*|.*idempot.*)$/i

/** Columns that the placeholders of every request would hide. */
const TAKEN = ['user', 'username', 'quantity', 'index', 'uuid', 'ip']

/** What a column of a plan's file is called in a file of users. */
export const columnName = (name: string, user: string | null): string =>
  name === user ? 'user' : TAKEN.includes(name.toLowerCase()) ? `csv_${name}` : name

/** Finds out who buys. What is random becomes unique, and that is noted. */
export const buyerOf = (request: PlanRequest, draft: Draft): Buyer => {
  const { sampler, notes } = draft
  const inBody = request.body.kind === 'none' ? [] : request.body.fields
  const fields = [...inBody, ...request.query, { name: '', pieces: request.path }, ...request.headers]
  const quantityField = fields.find((field) => QUANTITY.test(field.name) && quantityIn(field.pieces) !== undefined)
  const user = userField(fields.filter((field) => field !== quantityField))
  if (user === undefined)
    notes.add('dropped', sampler, say`no field names the buyer: put {{user}} where the shop reads him`)
  else noteUser(user, draft)
  const own = user?.pieces.length === 1 ? user.pieces[0] : undefined
  const table = tableOf(own, fields, draft)
  const names = user && namesOf(user)
  const drawn = user?.pieces.find((piece): piece is DrawnPiece => piece.kind === 'drawn')
  const isColumn = own?.kind === 'column'
  const same = (piece: Piece) =>
    piece.kind === 'drawn' && piece.variable !== undefined && piece.variable === drawn?.variable
  const part = (piece: Piece, bare: boolean): string => {
    if (piece.kind === 'text') return escaped(piece.text)
    if (piece.kind === 'env') return envReference(piece)
    if (piece.kind === 'captured') return `{{${piece.name}}}`
    if (piece.kind === 'column') return `{{${columnName(piece.name, table?.user ?? null)}}}`
    if (same(piece) && user?.pieces.length === 1 && !bare) return '{{user}}'
    return piece.form === 'number' ? '{{index}}' : '{{uuid}}'
  }
  const write: Write = (field) => {
    if (isSame(field, quantityField)) return '{{quantity}}'
    const isUser = isSame(field, user) || (drawn?.variable !== undefined && sameTexts(field, user))
    if (!isUser || isColumn) return field.pieces.map((piece) => part(piece, field.bare === true)).join('')
    // In JSON only {{index}} alone is a number.
    return field.bare && names === 'template:{{index}}' ? '{{index}}' : '{{user}}'
  }
  return {
    ...{ names: table === undefined ? names : undefined, table, write },
    quantity: quantityField && quantityIn(quantityField.pieces),
    perThread: drawn?.per === 'thread',
    drawnFrom:
      drawn?.range && user?.pieces.filter(({ kind }) => kind === 'drawn').length === 1
        ? drawn.range[1] - drawn.range[0] + 1
        : undefined,
  }
}

/** JSON fields are made anew each time they are walked. */
const isSame = (a: Field, b: Field | undefined): boolean => b !== undefined && a.name === b.name && sameTexts(a, b)

const sameTexts = (a: Field, b: Field | undefined): boolean => JSON.stringify(a.pieces) === JSON.stringify(b?.pieces)

const varies = ({ pieces }: Field): boolean => pieces.some(({ kind }) => kind === 'drawn' || kind === 'column')

const userField = (fields: readonly Field[]): Field | undefined =>
  fields.find((field) => USER.test(field.name) && varies(field)) ??
  fields.find((field) => !NONCE.test(field.name) && varies(field)) ??
  fields.find(({ name, pieces }) => USER.test(name) && pieces.every(({ kind }) => kind === 'text' || kind === 'env'))

/** `1`, `1-2`, or an environment variable with such a default; undefined for what cannot be units. */
const quantityIn = (pieces: readonly Piece[]): string | number | undefined => {
  const [only] = pieces
  const isUnits = (n: number) => Number.isInteger(n) && n >= 1 && n <= 1_000
  if (only === undefined || pieces.length > 1) return undefined
  if (only.kind === 'text' && /^\d+$/.test(only.text) && isUnits(Number(only.text))) return Number(only.text)
  if (only.kind === 'env' && /^\d+$/.test(only.fallback ?? '') && isUnits(Number(only.fallback)))
    return envReference(only)
  if (only.kind !== 'drawn' || only.range === undefined || !only.range.every(isUnits)) return undefined
  return only.range[0] === only.range[1] ? only.range[0] : only.range.join('-')
}

const PARTS = { number: '{{index}}', text: '{{random}}', uuid: '{{uuid}}' } as const

/** Names that look like those of the plan, each another one; undefined where the usual ones do. */
const namesOf = ({ pieces }: Field): string | undefined => {
  if (!pieces.some(({ kind }) => kind === 'drawn')) return undefined
  const parts = pieces.map((piece) =>
    piece.kind === 'drawn'
      ? PARTS[piece.form]
      : piece.kind === 'env'
        ? envReference(piece)
        : piece.kind === 'text'
          ? escaped(piece.text)
          : '',
  )
  const template = parts.join('')
  return template === PARTS.text ? undefined : `template:${template}`
}

const noteUser = (user: Field, { sampler, notes }: Draft): void => {
  const { name, pieces } = user
  const place = name === '' ? say`the path` : name
  if (pieces.length === 1 && pieces[0]?.kind === 'column') return
  const drawn = pieces.find((piece): piece is DrawnPiece => piece.kind === 'drawn')
  if (drawn !== undefined) {
    const message = ['__Random', '__RandomString', 'RandomVariableConfig'].includes(drawn.by)
      ? say`${place}: what ${drawn.by} draws may come twice; every user gets a name of its own here`
      : say`${place}: ${drawn.by} becomes a name of its own for every user`
    notes.add('changed', sampler, message)
    return
  }
  if (pieces.some(({ kind }) => kind === 'column'))
    notes.add(
      'dropped',
      sampler,
      say`${place} holds more than the column that names the user: records may be named otherwise`,
    )
  else notes.add('changed', sampler, say`${place} is the same in every request; every user gets a name of its own here`)
}

/** One file of users: that of the column that names the buyer, else the first that is used at all. */
const tableOf = (own: Piece | undefined, fields: readonly Field[], { tables, notes }: Draft): Buyer['table'] => {
  const user = own?.kind === 'column' ? own.name : null
  const used = fields.flatMap(({ pieces }) => pieces).flatMap((piece) => (piece.kind === 'column' ? [piece.name] : []))
  const holds = (data: DataSet, column: string) => data.columns === null || data.columns.includes(column)
  const wanted = user === null ? used : [user]
  const data = tables.findLast((table) => wanted.some((column) => holds(table, column)))
  for (const other of tables)
    if (other !== data)
      notes.add('dropped', other.element, say`one file of users is read, and the purchase takes it from elsewhere`)
  return data && { data, user: user ?? data.columns?.find((column) => USER.test(column)) ?? data.columns?.[0] ?? null }
}

/** Whether a request holds something that only a purchase of a known user has. */
export const capturesUsed = ({ path, query, headers, body }: PlanRequest): Set<string> => {
  const fields = [{ name: '', pieces: path }, ...query, ...headers, ...(body.kind === 'none' ? [] : body.fields)]
  return new Set(
    fields.flatMap(({ pieces }) => pieces).flatMap((piece) => (piece.kind === 'captured' ? [piece.name] : [])),
  )
}
