import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { type Document, isMap, isNode, isScalar, type Scalar, visit } from 'yaml'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'
import { type Env, plainValue, resolveEnv } from './env.js'
import { problemsOf } from './issues.js'
import { meaningOf, type SaleFileSections } from './meaning.js'
import { saleFileName } from './name.js'
import { nodeAt, type Problem } from './position.js'
import { saleFileSchema } from './schema.js'
import { baseOf, type Source, Sources } from './sources.js'

/** seckill.yaml, checked. What it does not say is undefined: flags and defaults fill it. */
export interface SaleFile extends SaleFileSections {
  /** Absolute. */
  readonly path: string
}

export interface SaleFileOptions {
  readonly cwd: string
  /** Given by the user: then it has to be there. */
  readonly path?: string | undefined
  readonly env: Env
}

/**
 * Reads the sale file, and those it extends; null where none was named and none lies in `cwd`. Throws a sale_file error that
 * lists everything wrong with it, one `file:line:column …` a line.
 */
export const loadSaleFile = async ({ cwd, path, env }: SaleFileOptions): Promise<SaleFile | null> => {
  const name = saleFileName(cwd, path)
  if (name === null) return null
  const absolute = resolve(cwd, name)
  const text = await read(absolute).catch((error: unknown) => {
    throw new SeckillError('sale_file', ...unreadable(error, name), error)
  })
  return { path: absolute, ...parseSources(await chainOf(cwd, absolute, { name, text: clean(text) }), env) }
}

const read = (absolute: string): Promise<string> => readFile(absolute, 'utf8')

const clean = (text: string): string => text.replace(/^\ufeff/, '')

const unreadable = (error: unknown, name: string): [message: string, hint: string] => {
  const code = systemCodeOf(error)
  if (code === 'ENOENT') return [say`no sale file at ${name}`, say`check --file, or leave it out`]
  const why = code === 'EISDIR' ? say`it is a folder` : (code ?? messageOf(error))
  return [say`cannot read the sale file ${name} (${why})`, say`check --file`]
}

/** The file and those it extends, nearest first. Errors: sale_file, at the place that names what cannot be had. */
const chainOf = async (cwd: string, first: string, file: Source): Promise<Source[]> => {
  const chain = [file]
  const seen = [first]
  for (let at = baseOf(file); at !== null; at = baseOf(chain.at(-1) as Source)) {
    const from = chain.at(-1) as Source
    const absolute = resolve(dirname(seen.at(-1) as string), at.base)
    const name = relative(cwd, absolute)
    const place = { at: at.at, message: '' }
    const refuse = (message: string, cause?: unknown) => {
      const text = new Sources([from], syntaxMessage).format([{ ...place, message: say`extends: ${message}` }])
      return new SeckillError('sale_file', text, undefined, cause)
    }
    if (seen.includes(absolute)) {
      const round = [...seen.slice(seen.indexOf(absolute)), absolute].map((path) => relative(cwd, path))
      throw refuse(say`goes round: ${round.join(' → ')}`)
    }
    const text = await read(absolute).catch((error: unknown) => {
      throw refuse(unreadable(error, name)[0], error)
    })
    chain.push({ name, text: clean(text) })
    seen.push(absolute)
  }
  return chain
}

/** The text of a sale file that extends none → its sections; `name` stands in messages. Errors as in {@link loadSaleFile}. */
export const parseSaleFile = (source: string, name: string, env: Env): SaleFileSections =>
  parseSources([{ name, text: clean(source) }], env)

const parseSources = (chain: readonly Source[], env: Env): SaleFileSections => {
  const sources = new Sources(chain, syntaxMessage)
  const { doc } = sources
  const refuse = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw new SeckillError('sale_file', sources.format(problems))
  }
  refuse(sources.problems)
  refuse(barePlaceholders(doc))

  const problems: Problem[] = []
  const references = resolveEnv(doc, env, (node, variable) => {
    problems.push({
      at: node.range?.[0] ?? 0,
      message: say`environment variable ${variable} is not set; set it, or write \${${variable}:-default}`,
    })
  })
  refuse(problems)

  let parsed = check(doc, refuse)
  // A variable may look like a number where text is wanted, or stand in quotes where a number is.
  const issues = parsed.success ? [] : parsed.error.issues
  const doubtful = issues.map(({ path }) => nodeAt(doc, path)).filter((node) => isScalar(node) && references.has(node))
  for (const node of doubtful as Scalar[]) {
    const asText = references.get(node) as string
    node.value = typeof node.value === 'string' ? plainValue(asText) : asText
  }
  if (doubtful.length > 0) parsed = check(doc, refuse)
  if (!parsed.success) refuse(problemsOf(doc, parsed.error.issues))
  const { sections, problems: mistakes } = meaningOf(doc, parsed.data ?? {})
  refuse(mistakes)
  return sections
}

const check = (doc: Document, refuse: (problems: readonly Problem[]) => void) => {
  let value: unknown
  try {
    value = doc.toJS() ?? {}
  } catch (error) {
    refuse([{ at: 0, message: messageOf(error) }])
  }
  return saleFileSchema.safeParse(value, { reportInput: true })
}

const syntaxMessage = (text: string, at: number, message: string): string => {
  const isReference = text[at] === '{' && text[at - 1] === '$'
  return isReference ? say`put \${…} in quotes where it stands in { } or [ ]` : (message.split('\n', 1)[0] as string)
}

/** `user: {{user}}` without quotes is a map in a map for YAML. */
const barePlaceholders = (doc: Document): Problem[] => {
  const problems: Problem[] = []
  visit(doc, {
    Pair: (_key, { key }) => {
      if (isMap(key) && isNode(key))
        problems.push({ at: key.range?.[0] ?? 0, message: say`put placeholders in quotes: "{{user}}"` })
    },
  })
  return problems
}
