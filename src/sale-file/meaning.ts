import type { Document } from 'yaml'
import { type OutcomeRule, outcomeRuleOf } from '../history/outcome-rules.js'
import type { Preset } from '../history/presets.js'
import type { FieldSpec } from '../load/fields.js'
import type { GettingIn } from '../load/getting-in.js'
import { compileRequest, parseTarget, type TargetSpec } from '../load/request.js'
import { parseKey, parseSaleId } from '../sale/keys.js'
import { LAYOUT_NAMES, LAYOUTS, layoutOf } from '../sale/layout.js'
import { userNaming } from '../sale/usernames.js'
import { Checker } from './checker.js'
import { gettingInSection } from './getting-in.js'
import type { Problem } from './position.js'
import { checkedRequest } from './requests.js'
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
  /** As `--rate` takes it. */
  readonly rate: string | undefined
  readonly burst: boolean | undefined
  readonly attemptsPerUser: number | undefined
  readonly workers: number | 'auto' | undefined
  /** Milliseconds. */
  readonly duration: number | undefined
  readonly warmup: number | undefined
  readonly thinkTime: number | undefined
}

const TIME = 'a time such as 500ms, 10s or 2m'

export interface SaleFileSections {
  readonly sale: SaleSection | undefined
  readonly target: TargetSection | undefined
  /** Undefined where users need nothing before they buy. */
  readonly gettingIn: GettingIn | undefined
  readonly outcomes: readonly OutcomeRule[]
  readonly load: LoadSection | undefined
}

/** Turns the checked document into what commands use, with everything that is still wrong. */
export const meaningOf = (doc: Document, input: SaleFileInput): { sections: SaleFileSections; problems: Problem[] } => {
  const checker = new Checker(doc)
  const { gettingIn, purchase } = gettingInSection(input, checker)
  const sections = {
    sale: saleSection(input.sale, checker),
    target: targetSection(input, purchase, checker),
    gettingIn,
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

const targetSection = (
  { target }: SaleFileInput,
  fields: FieldSpec | null,
  checker: Checker,
): TargetSection | undefined => {
  if (target === undefined || fields === null) return undefined
  const { url, start, ready, preset } = target
  // The port of a server that is yet to start can be any.
  const known = (text: string) => (start === undefined ? text : text.replaceAll('{port}', '1'))
  checker.try(['target', 'url'], () => compileRequest({ url: known(url) }, fields))
  const request = checkedRequest(['target'], target, fields, checker)
  if (ready !== undefined) checker.try(['target', 'ready'], () => parseTarget(known(ready)))
  const timeoutMs = checker.value(['target', 'timeout'], target.timeout, parseDuration, TIME)
  return { ...request, url, start, ready, preset, timeoutMs }
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
  const timeOf = (name: 'duration' | 'warmup' | 'thinkTime') =>
    checker.value(['load', name], load?.[name], parseDuration, TIME)
  const { concurrency, seed, rate, burst, attemptsPerUser, workers } = load ?? {}
  return {
    ...{ users: load?.users, concurrency, quantity, duplicates, usernames: names?.value, seed },
    ...{ rate, burst, attemptsPerUser, workers },
    ...{ duration: timeOf('duration'), warmup: timeOf('warmup'), thinkTime: timeOf('thinkTime') },
  }
}
