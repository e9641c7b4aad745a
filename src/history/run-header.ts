import { userNamer } from '../sale/usernames.js'
import { RUN_FORMAT, type RunHeader, type StartState } from './run.js'

type Members<T> = { readonly [K in keyof T]?: unknown }

const isText = (value: unknown): boolean => typeof value === 'string'
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const orNull = (value: unknown, test: (value: unknown) => boolean): boolean => value === null || test(value)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether JSON is the first line of a run log of some version: what reads it needs every member. */
export const isRunHeader = (value: unknown): value is RunHeader => {
  const header = value as Members<RunHeader> | null | undefined
  return (
    header?.format === RUN_FORMAT &&
    [header.runId, header.command, header.sale, header.target, header.startedAt].every(isText) &&
    Number.isInteger(header.version) &&
    (header.version as number) >= 1 &&
    [header.seed, header.concurrency, header.timeoutMs].every(Number.isFinite) &&
    !Number.isNaN(Date.parse(header.startedAt as string)) &&
    orNull(header.saleUuid, isText) &&
    isNaming(header.users) &&
    orNull(header.atStart, isStart)
  )
}

/** Users that some name can be made for. */
const isNaming = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const naming = value as RunHeader['users']
  if (naming.kind === 'given') return isTexts(naming.names) && (naming.file === undefined || isText(naming.file))
  if (naming.kind !== 'sequential' && !Number.isFinite(naming.seed)) return false
  try {
    return isText(userNamer(naming)?.(0))
  } catch {
    return false
  }
}

const isStart = (value: unknown): boolean => {
  if (!isObject(value)) return false
  const { remaining, records, users, units = {} } = value as Members<StartState>
  return (
    orNull(remaining, Number.isFinite) &&
    Number.isFinite(records) &&
    orNull(users, isTexts) &&
    isObject(units) &&
    Object.values(units).every(Array.isArray)
  )
}
