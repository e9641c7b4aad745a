import type { Document } from 'yaml'
import { type OutcomeRule, outcomeRuleOf } from '../history/outcome-rules.js'
import type { Preset } from '../history/presets.js'
import { say } from '../language/say.js'
import type { FieldSpec } from '../load/fields.js'
import type { GettingIn } from '../load/getting-in.js'
import type { PollSpec } from '../load/poll.js'
import { compileRequest, parseTarget, type TargetSpec } from '../load/request.js'
import type { InvariantSwitches } from '../sale/invariant.js'
import { parseSaleId } from '../sale/keys.js'
import type { Fold, Places, QueuePlace } from '../sale/layout.js'
import type { SaleWindow } from '../sale/sale.js'
import { parseThreshold, type Threshold } from '../sale/threshold.js'
import { userNaming } from '../sale/usernames.js'
import { checkPlaces } from './check-places.js'
import { Checker } from './checker.js'
import { gettingInSection } from './getting-in.js'
import { type AuditSection, auditSection, type Expected, type RaceSection, raceSection } from './judging.js'
import { foldsOf, type PlaceDefaults, placesOf } from './places.js'
import { pollSection } from './poll.js'
import type { Problem } from './position.js'
import { checkedRequest } from './requests.js'
import type { SaleFileInput } from './schema.js'
import { parseDuration, parseInstant, parseShare, parseUnits, timeForm, type Units } from './values.js'

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
  readonly preset: Preset | undefined
  readonly timeoutMs: number | undefined
  /** How queued attempts are followed; undefined where they are not. */
  readonly poll: PollSpec | undefined
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

export interface SaleFileSections {
  readonly sale: SaleSection | undefined
  readonly target: TargetSection | undefined
  /** Undefined where users need nothing before they buy. */
  readonly gettingIn: GettingIn | undefined
  readonly outcomes: readonly OutcomeRule[]
  readonly load: LoadSection | undefined
  readonly invariants: InvariantSwitches
  readonly thresholds: readonly Threshold[]
  readonly audit: AuditSection | undefined
  /** Undefined where `run` does not race. */
  readonly race: RaceSection | undefined
  readonly expect: Expected | undefined
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
    invariants: input.invariants ?? {},
    thresholds: (input.thresholds ?? []).flatMap(
      (source, i) => checker.try(['thresholds', i], () => parseThreshold(source)) ?? [],
    ),
    audit: auditSection(input, checker),
    race: raceSection(input, checker),
    expect: input.expect,
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
  const form = say`a time with its offset, such as 2026-11-11T20:00:00+08:00`
  const startMs = checker.value(['sale', 'window', 'start'], window.start, parseInstant, form) ?? null
  const endMs = checker.value(['sale', 'window', 'end'], window.end, parseInstant, form) ?? null
  if (startMs !== null && endMs !== null && endMs <= startMs)
    checker.refuse(['sale', 'window', 'end'], say`the end has to come after the start`)
  return { startMs, endMs }
}

const targetSection = (input: SaleFileInput, fields: FieldSpec | null, checker: Checker): TargetSection | undefined => {
  const { target } = input
  if (target === undefined || fields === null) return undefined
  const { url, start, ready, preset } = target
  // The port of a server that is yet to start can be any.
  const known = (text: string) => (start === undefined ? text : text.replaceAll('{port}', '1'))
  checker.try(['target', 'url'], () => compileRequest({ url: known(url) }, fields))
  const request = checkedRequest(['target'], target, fields, checker)
  if (ready !== undefined) checker.try(['target', 'ready'], () => parseTarget(known(ready)))
  const timeoutMs = checker.value(['target', 'timeout'], target.timeout, parseDuration, timeForm())
  return { ...request, url, start, ready, preset, timeoutMs, poll: pollSection(input, fields, checker) }
}

/** `load`, with what `users` says of names and double clicks. */
const loadSection = ({ load, users }: SaleFileInput, checker: Checker): LoadSection | undefined => {
  if (load === undefined && users === undefined) return undefined
  const quantity = checker.value(
    ['load', 'quantity'],
    load?.quantity,
    parseUnits,
    say`units such as 1, or a range such as 1-2`,
  )
  const twice = checker.only([
    [['load', 'duplicates'], load?.duplicates],
    [['users', 'duplicates'], users?.duplicates],
  ])
  const duplicates = twice && checker.value(twice.path, twice.value, parseShare, say`a share such as 5% or 0.05`)
  const names = checker.only([
    [['load', 'usernames'], load?.usernames],
    [['users', 'names'], users?.names],
    [['users', 'file'], users?.file && `@${users.file}`],
  ])
  if (names && !names.value.startsWith('@')) checker.try(names.path, () => userNaming(names.value, 0))
  const timeOf = (name: 'duration' | 'warmup' | 'thinkTime') =>
    checker.value(['load', name], load?.[name], parseDuration, timeForm())
  const { concurrency, seed, rate, burst, attemptsPerUser, workers } = load ?? {}
  return {
    ...{ users: load?.users, concurrency, quantity, duplicates, usernames: names?.value, seed },
    ...{ rate, burst, attemptsPerUser, workers },
    ...{ duration: timeOf('duration'), warmup: timeOf('warmup'), thinkTime: timeOf('thinkTime') },
  }
}
