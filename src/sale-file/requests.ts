import { type FieldSpec, fieldsOf } from '../load/fields.js'
import { compileRequest, type TargetSpec } from '../load/request.js'
import type { Checker } from './checker.js'
import type { Path } from './position.js'

/** A request as the sale file writes it. */
export interface RequestInput {
  readonly path?: string | undefined
  readonly method?: string | undefined
  readonly form?: Readonly<Record<string, unknown>> | undefined
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, unknown>> | undefined
}

const ANYWHERE = 'http://127.0.0.1/'

/** The request with its scalars as texts; what is wrong in it becomes problems below `at`. */
export const checkedRequest = (
  at: Path,
  { path, method, json, ...input }: RequestInput,
  fields: FieldSpec,
  checker: Checker,
): Omit<TargetSpec, 'url'> => {
  const form = texts(input.form)
  const headers = texts(input.headers)
  const before = checker.problems.length
  const part = (name: string, spec: Omit<TargetSpec, 'url'>) =>
    checker.try([...at, name], () => compileRequest({ url: ANYWHERE, ...spec }, fields))
  if (checker.try(at, () => fieldsOf(fields)) !== undefined) {
    part('path', { path })
    part('form', { form })
    part('json', { json })
    part('headers', { headers })
    if (checker.problems.length === before) part('method', { method, form, json })
  }
  return { path, method, form, json, headers }
}

/** A map of scalars as texts. */
export const texts = (fields: Readonly<Record<string, unknown>> | undefined): Record<string, string> | undefined =>
  fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
