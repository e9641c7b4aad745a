import type { Command } from 'commander'
import { messageOf, usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { TargetSpec } from '../load/request.js'
import { repeat } from './options.js'

/** Flags that say what a purchase looks like; they win over the sale file. */
export interface RequestOptions {
  readonly path?: string
  readonly method?: string
  readonly form?: string[]
  readonly jsonBody?: string
  readonly header?: string[]
}

export const addRequestOptions = (command: Command): Command =>
  command
    .option('--path <path>', 'path in place of the URL’s, such as /incr or /buy/{{user}}')
    .option('--method <name>', 'POST (default), GET, PUT, PATCH or DELETE')
    .option('--form <field>', 'a form field: username={{user}} (repeatable)', repeat)
    .option('--json-body <json>', 'JSON in place of a form: \'{"user":"{{user}}","n":"{{quantity}}"}\'')
    .option('--header <line>', 'a header: X-Forwarded-For: {{ip}} (repeatable)', repeat)

type Body = Pick<TargetSpec, 'path' | 'method' | 'form' | 'json' | 'headers'>

/** The request that flags make of that of the sale file. Throws usage errors. */
export const requestSpecOf = (options: RequestOptions, file: Body = {}): Body => {
  const { form, jsonBody, header = [] } = options
  if (form !== undefined && jsonBody !== undefined) throw usageError(say`a request has --form or --json-body, not both`)
  const headers = header.map(headerLine)
  const body =
    form !== undefined
      ? { form: Object.fromEntries(form.map(formField)) }
      : jsonBody !== undefined
        ? { json: jsonOf(jsonBody) }
        : { form: file.form, json: file.json }
  return {
    path: options.path ?? file.path,
    method: options.method ?? file.method,
    headers: { ...file.headers, ...Object.fromEntries(headers) },
    ...body,
  }
}

const formField = (text: string): [string, string] => {
  const at = text.indexOf('=')
  if (at < 1) throw usageError(say`--form ${JSON.stringify(text)} is no field`, say`write --form 'username={{user}}'`)
  const value = text.slice(at + 1)
  if (/&[\w.[\]-]+=/.test(value))
    throw usageError(say`--form ${JSON.stringify(text)} holds several fields`, say`write one --form for each`)
  return [text.slice(0, at), value]
}

const headerLine = (text: string): [string, string] => {
  const [, name, value] = /^([^:]+):\s*(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw usageError(say`--header ${JSON.stringify(text)} is no header`, say`write --header 'X-Forwarded-For: {{ip}}'`)
  }
  return [name, value]
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    const bare = /[^"\w]\{\{/.test(text) && /(?<!")\{\{\s*\w+\s*\}\}(?!")/.test(text)
    throw usageError(
      say`--json-body is no JSON: ${messageOf(error)}`,
      bare ? say`put placeholders in quotes; "{{quantity}}" alone becomes a number` : say`put it in single quotes`,
    )
  }
}
