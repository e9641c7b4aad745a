import type { Document } from 'yaml'
import { messageOf, SeckillError } from '../errors.js'
import { type OutcomeRule, outcomeRuleOf } from '../history/outcome-rules.js'
import type { Preset } from '../history/presets.js'
import { type FieldSpec, OWN_PLACEHOLDERS } from '../load/fields.js'
import { compileRequest, parseTarget, type TargetSpec } from '../load/request.js'
import { placeholdersIn } from '../load/template.js'
import { parseKey, parseSaleId } from '../sale/keys.js'
import { LAYOUT_NAMES, LAYOUTS, layoutOf } from '../sale/layout.js'
import { userNaming } from '../sale/usernames.js'
import { formatPath, offsetOf, type Path, type Problem } from './position.js'
import type { SaleFileInput } from './schema.js'
import { parseDuration, parseShare, parseUnits, type Units } from './values.js'

export type SaleSection = NonNullable<SaleFileInput['sale']>

/** Where purchases go. With `{port}` in url or ready, `start` is there too. */
export interface TargetSection extends TargetSpec {
  readonly start: string | undefined
  readonly ready: string | undefined
  readonly preset: Preset | undefined
  readonly timeoutMs: number | undefined
}

export interface LoadSection {
  readonly users: number | undefined
  readonly concurrency: number | undefined
  readonly quantity: Units | undefined
  /** 0..1 */
  readonly duplicates: number | undefined
  /** As `--usernames` takes it; a file is named from the folder of the sale file. */
  readonly usernames: string | undefined
  readonly seed: number | undefined
}

export interface SaleFileSections {
  readonly sale: SaleSection | undefined
  readonly target: TargetSection | undefined
  readonly outcomes: readonly OutcomeRule[]
  readonly load: LoadSection | undefined
}

/** Gathers what is wrong beyond shapes and types. */
class Checker {
  readonly problems: Problem[] = []
  readonly #doc: Document

  constructor(doc: Document) {
    this.#doc = doc
  }

  refuse(path: Path, message: string): undefined {
    this.problems.push({ at: offsetOf(this.#doc, path), message: `${formatPath(path)}: ${message}` })
  }

  /** What `read` returns; the error that it throws becomes a problem at `path`. */
  try<T>(path: Path, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof SeckillError)) throw error
      return this.refuse(path, [messageOf(error), error.hint].filter(Boolean).join('; '))
    }
  }

  /** The one value that is given; a second one is a problem. */
  only<V>(
    members: readonly (readonly [Path, V | undefined])[],
  ): { readonly path: Path; readonly value: V } | undefined {
    const [first, second] = members.filter(([, value]) => value !== undefined) as [Path, V][]
    if (first && second) this.refuse(second[0], `${formatPath(first[0])} says this already; keep one of them`)
    return first && { path: first[0], value: first[1] }
  }

  /** What `parse` makes of a value that may be missing; `form` tells how to write it. */
  value<T, V>(path: Path, value: V | undefined, parse: (value: V) => T | undefined, form: string): T | undefined {
    if (value === undefined) return undefined
    return parse(value) ?? this.refuse(path, `${JSON.stringify(value)} is not ${form}`)
  }
}

/** Turns the checked document into what commands use, with everything that is still wrong. */
export const meaningOf = (doc: Document, input: SaleFileInput): { sections: SaleFileSections; problems: Problem[] } => {
  const checker = new Checker(doc)
  const sections = {
    sale: saleSection(input.sale, checker),
    target: targetSection(input, checker),
    outcomes: (input.outcomes ?? []).flatMap(
      (rule, i) => checker.try(['outcomes', i], () => outcomeRuleOf(rule)) ?? [],
    ),
    load: loadSection(input, checker),
  }
  return { sections, problems: checker.problems }
}

const saleSection = (sale: SaleFileInput['sale'], checker: Checker): SaleSection | undefined => {
  if (sale?.id !== undefined) checker.try(['sale', 'id'], () => parseSaleId(sale.id as string))
  checkKeys(sale, checker)
  const stock = sale?.stock?.type ?? 'list'
  const records = sale?.records?.[0]?.type ?? 'hash'
  if (layoutOf(stock, records) === undefined) {
    const supported = LAYOUT_NAMES.map((name) => `${LAYOUTS[name].stock} + ${LAYOUTS[name].records}`)
    const place = sale?.records ? ['sale', 'records', 0, 'type'] : ['sale', 'stock', 'type']
    checker.refuse(place, `stock ${stock} with records ${records} is not supported; supported: ${supported.join(', ')}`)
  }
  return sale
}

/** What is wrong with the keys by themselves; with the names that the sale's id leaves to them, the command checks them. */
const checkKeys = (sale: SaleFileInput['sale'], checker: Checker): void => {
  const [stock, records] = [sale?.stock?.key, sale?.records?.[0]?.key]
  const path = ['sale', 'records', 0, 'key']
  if (stock !== undefined) checker.try(['sale', 'stock', 'key'], () => parseKey(stock))
  if (records !== undefined) checker.try(path, () => parseKey(records))
  if (stock !== undefined && stock === records) checker.refuse(path, `stock and records cannot share the key ${stock}`)
}

/** Schema defaults aside, a record of scalars: as texts. */
const texts = (fields: Readonly<Record<string, unknown>> | undefined): Record<string, string> | undefined =>
  fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))

/** Columns of a file of users are known once it is read; until then any name may be one. */
const assumedFields = ({ target, users, load }: SaleFileInput): FieldSpec => {
  const fromFile = users?.file !== undefined || [users?.names, load?.usernames].some((names) => names?.startsWith('@'))
  const names = fromFile ? placeholdersIn(JSON.stringify(target)) : []
  const unknown = names.filter((name) => !OWN_PLACEHOLDERS.includes(name))
  return { columns: Object.fromEntries(unknown.map((name) => [name, []])) }
}

const targetSection = (input: SaleFileInput, checker: Checker): TargetSection | undefined => {
  const { target } = input
  if (target === undefined) return undefined
  const fields = assumedFields(input)
  const { url, path, method, json, start, ready, preset } = target
  const form = texts(target.form)
  const headers = texts(target.headers)
  // The port of a server that is yet to start can be any.
  const known = (text: string) => (start === undefined ? text : text.replaceAll('{port}', '1'))
  const anywhere = 'http://127.0.0.1/'
  const before = checker.problems.length
  checker.try(['target', 'url'], () => compileRequest({ url: known(url) }, fields))
  checker.try(['target', 'path'], () => compileRequest({ url: anywhere, path }, fields))
  checker.try(['target', 'form'], () => compileRequest({ url: anywhere, form }, fields))
  checker.try(['target', 'json'], () => compileRequest({ url: anywhere, json }, fields))
  checker.try(['target', 'headers'], () => compileRequest({ url: anywhere, headers }, fields))
  if (checker.problems.length === before) {
    checker.try(['target', 'method'], () => compileRequest({ url: anywhere, method, form, json }, fields))
  }
  if (ready !== undefined) checker.try(['target', 'ready'], () => parseTarget(known(ready)))
  const timeoutMs = checker.value(
    ['target', 'timeout'],
    target.timeout,
    parseDuration,
    'a time such as 500ms, 10s or 2m',
  )
  return { url, path, method, form, json, headers, start, ready, preset, timeoutMs }
}

/** `load`, with what `users` says of names and double clicks. */
const loadSection = ({ load, users }: SaleFileInput, checker: Checker): LoadSection | undefined => {
  if (load === undefined && users === undefined) return undefined
  const quantity = checker.value(
    ['load', 'quantity'],
    load?.quantity,
    parseUnits,
    'units such as 1, or a range such as 1-2',
  )
  const twice = checker.only([
    [['load', 'duplicates'], load?.duplicates],
    [['users', 'duplicates'], users?.duplicates],
  ])
  const duplicates = twice && checker.value(twice.path, twice.value, parseShare, 'a share such as 5% or 0.05')
  const names = checker.only([
    [['load', 'usernames'], load?.usernames],
    [['users', 'names'], users?.names],
    [['users', 'file'], users?.file && `@${users.file}`],
  ])
  if (names && !names.value.startsWith('@')) checker.try(names.path, () => userNaming(names.value, 0))
  const { concurrency, seed } = load ?? {}
  return { users: load?.users, concurrency, quantity, duplicates, usernames: names?.value, seed }
}
