import type { Document } from 'yaml'
import { type OutcomeRule, outcomeRuleOf } from '../history/outcome-rules.js'
import { compileRequest, parseTarget, type TargetSpec } from '../load/request.js'
import type { InvariantSwitches } from '../sale/invariant.js'
import { parseSaleId } from '../sale/keys.js'
import type { Fold, Places, QueuePlace } from '../sale/layout.js'
import type { SaleWindow } from '../sale/sale.js'
import type { UsernameKind } from '../sale/usernames.js'
import { checkPlaces } from './check-places.js'
import { Checker } from './checker.js'
import { foldsOf, type PlaceDefaults, placesOf } from './places.js'
import type { Problem } from './position.js'
import type { SaleFileInput } from './schema.js'
import { parseDuration, parseInstant, parseShare, parseUnits, type Units } from './values.js'

export interface SaleSection extends Omit<NonNullable<SaleFileInput['sale']>, 'fold' | 'queues' | 'window'> {
  readonly fold: readonly Fold[]
  readonly queues: readonly QueuePlace[]
  readonly window: SaleWindow | undefined
  /** The places described; null where no type is. */
  placesFor(defaults: PlaceDefaults): Places | null
}

/** Where purchases go. With `{port}` in url or ready, `start` is there too. */
export interface TargetSection extends TargetSpec {
  readonly start: string | undefined
  readonly ready: string | undefined
  readonly timeoutMs: number | undefined
}

export interface LoadSection {
  readonly users: number | undefined
  readonly concurrency: number | undefined
  readonly quantity: Units | undefined
  /** 0..1 */
  readonly duplicates: number | undefined
  readonly usernames: UsernameKind | undefined
  readonly seed: number | undefined
}

export interface SaleFileSections {
  readonly sale: SaleSection | undefined
  readonly target: TargetSection | undefined
  readonly outcomes: readonly OutcomeRule[]
  readonly load: LoadSection | undefined
  readonly invariants: InvariantSwitches
}

/** Turns the checked document into what commands use, with everything that is still wrong. */
export const meaningOf = (doc: Document, input: SaleFileInput): { sections: SaleFileSections; problems: Problem[] } => {
  const checker = new Checker(doc)
  const sections = {
    sale: saleSection(input.sale, checker),
    target: targetSection(input.target, checker),
    outcomes: (input.outcomes ?? []).flatMap(
      (rule, i) => checker.try(['outcomes', i], () => outcomeRuleOf(rule)) ?? [],
    ),
    load: loadSection(input.load, checker),
    invariants: input.invariants ?? {},
  }
  return { sections, problems: checker.problems }
}

const saleSection = (sale: SaleFileInput['sale'], checker: Checker): SaleSection | undefined => {
  if (sale === undefined) return undefined
  if (sale.id !== undefined) checker.try(['sale', 'id'], () => parseSaleId(sale.id as string))
  checkPlaces(sale, checker)
  return {
    ...sale,
    fold: foldsOf(sale.fold),
    queues: sale.queues ?? [],
    window: windowOf(sale.window, checker),
    placesFor: (defaults) => placesOf(sale, defaults),
  }
}

const windowOf = (window: NonNullable<SaleFileInput['sale']>['window'], checker: Checker): SaleWindow | undefined => {
  if (window === undefined) return undefined
  const form = 'a time with its offset, such as 2026-11-11T20:00:00+08:00'
  const startMs = checker.value(['sale', 'window', 'start'], window.start, parseInstant, form) ?? null
  const endMs = checker.value(['sale', 'window', 'end'], window.end, parseInstant, form) ?? null
  if (startMs !== null && endMs !== null && endMs <= startMs)
    checker.refuse(['sale', 'window', 'end'], 'the end has to come after the start')
  return { startMs, endMs }
}

/** Schema defaults aside, a record of scalars: as texts. */
const texts = (fields: Readonly<Record<string, unknown>> | undefined): Record<string, string> | undefined =>
  fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))

const targetSection = (target: SaleFileInput['target'], checker: Checker): TargetSection | undefined => {
  if (target === undefined) return undefined
  const { url, path, method, json, start, ready } = target
  const form = texts(target.form)
  const headers = texts(target.headers)
  // The port of a server that is yet to start can be any.
  const known = (text: string) => (start === undefined ? text : text.replaceAll('{port}', '1'))
  const anywhere = 'http://127.0.0.1/'
  const before = checker.problems.length
  checker.try(['target', 'url'], () => compileRequest({ url: known(url) }))
  checker.try(['target', 'path'], () => compileRequest({ url: anywhere, path }))
  checker.try(['target', 'form'], () => compileRequest({ url: anywhere, form }))
  checker.try(['target', 'json'], () => compileRequest({ url: anywhere, json }))
  checker.try(['target', 'headers'], () => compileRequest({ url: anywhere, headers }))
  if (checker.problems.length === before) {
    checker.try(['target', 'method'], () => compileRequest({ url: anywhere, method, form, json }))
  }
  if (ready !== undefined) checker.try(['target', 'ready'], () => parseTarget(known(ready)))
  const timeoutMs = checker.value(
    ['target', 'timeout'],
    target.timeout,
    parseDuration,
    'a time such as 500ms, 10s or 2m',
  )
  return { url, path, method, form, json, headers, start, ready, timeoutMs }
}

const loadSection = (load: SaleFileInput['load'], checker: Checker): LoadSection | undefined => {
  if (load === undefined) return undefined
  const { users, concurrency, usernames, seed } = load
  const quantity = checker.value(
    ['load', 'quantity'],
    load.quantity,
    parseUnits,
    'units such as 1, or a range such as 1-2',
  )
  const duplicates = checker.value(['load', 'duplicates'], load.duplicates, parseShare, 'a share such as 5% or 0.05')
  return { users, concurrency, quantity, duplicates, usernames, seed }
}
