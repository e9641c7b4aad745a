import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Document, isMap, isNode, isScalar, parseDocument, type Scalar, visit } from 'yaml'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import { type Env, plainValue, resolveEnv } from './env.js'
import { problemsOf } from './issues.js'
import { meaningOf, type SaleFileSections } from './meaning.js'
import { saleFileName } from './name.js'
import { formatProblems, nodeAt, type Problem } from './position.js'
import { saleFileSchema } from './schema.js'

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
 * Reads the sale file; null where none was named and none lies in `cwd`. Throws a sale_file error that lists everything
 * wrong with it, one `file:line:column …` a line.
 */
export const loadSaleFile = async ({ cwd, path, env }: SaleFileOptions): Promise<SaleFile | null> => {
  const name = saleFileName(cwd, path)
  if (name === null) return null
  const absolute = resolve(cwd, name)
  return { path: absolute, ...parseSaleFile(await read(absolute, name), name, env) }
}

const read = async (absolute: string, name: string): Promise<string> => {
  try {
    return await readFile(absolute, 'utf8')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT')
      throw new SeckillError('sale_file', `no sale file at ${name}`, 'check --file, or leave it out')
    const why = code === 'EISDIR' ? 'it is a folder' : (code ?? messageOf(error))
    throw new SeckillError('sale_file', `cannot read the sale file ${name} (${why})`, 'check --file', error)
  }
}

/** The text of a sale file → its sections; `name` stands in messages. Errors as in {@link loadSaleFile}. */
export const parseSaleFile = (source: string, name: string, env: Env): SaleFileSections => {
  const text = source.replace(/^\ufeff/, '')
  const refuse = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw new SeckillError('sale_file', formatProblems(name, text, problems))
  }
  const doc = parseDocument(text, { prettyErrors: false })
  // One mistake in the syntax brings others in its train.
  refuse(doc.errors.slice(0, 1).map(({ pos, message }) => syntaxProblem(text, pos[0], message)))
  refuse(barePlaceholders(doc))

  const problems: Problem[] = []
  const references = resolveEnv(doc, env, (node, variable) => {
    problems.push({
      at: node.range?.[0] ?? 0,
      message: `environment variable ${variable} is not set; set it, or write \${${variable}:-default}`,
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

const syntaxProblem = (text: string, at: number, message: string): Problem => {
  const isReference = text[at] === '{' && text[at - 1] === '$'
  return { at, message: isReference ? 'put ${…} in quotes where it stands in { } or [ ]' : message.split('\n', 1)[0]! }
}

/** `user: {{user}}` without quotes is a map in a map for YAML. */
const barePlaceholders = (doc: Document): Problem[] => {
  const problems: Problem[] = []
  visit(doc, {
    Pair: (_key, { key }) => {
      if (isMap(key) && isNode(key))
        problems.push({ at: key.range?.[0] ?? 0, message: 'put placeholders in quotes: "{{user}}"' })
    },
  })
  return problems
}
