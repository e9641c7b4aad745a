import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Problem } from './position.js'

/** A sale file's text, as it was read. */
export interface Source {
  /** As messages call it. */
  readonly name: string
  readonly text: string
}

/** The name of the file that this one extends, and where that stands. */
export const baseOf = ({ text }: Source): { readonly base: string; readonly at: number } | null => {
  const { contents } = parseDocument(text, { prettyErrors: false })
  const node = isMap(contents) ? contents.get('extends', true) : undefined
  if (!isScalar(node) || typeof node.value !== 'string' || node.value === '') return null
  return { base: node.value, at: node.range?.[0] ?? 0 }
}

/**
 * A sale file and those it extends, nearest first, as one document: maps are joined, whatever else is written nearer wins, lists
 * whole. Nodes keep where they stand, in all texts one after the other.
 */
export class Sources {
  readonly doc: Document
  /** Of the syntax; there is no document to go on with then. */
  readonly problems: readonly Problem[]
  readonly #sources: readonly (Source & { readonly start: number })[]

  constructor(sources: readonly Source[], explain: (text: string, at: number, message: string) => string) {
    let start = 0
    this.#sources = sources.map((source) => {
      const placed = { ...source, start }
      start += source.text.length + 1
      return placed
    })
    const parsed = this.#sources.map(({ text, start }) => {
      const doc = parseDocument(text, { prettyErrors: false })
      // One mistake in the syntax brings others in its train.
      const problems = doc.errors
        .slice(0, 1)
        .map(({ pos, message }) => ({ at: start + pos[0], message: explain(text, pos[0], message) }))
      moveBy(doc, start)
      return { doc, problems }
    })
    this.problems = parsed.flatMap(({ problems }) => problems)
    this.doc = (parsed[0] as (typeof parsed)[number]).doc
    for (const { doc } of parsed.slice(1)) extend(this.doc, doc)
  }

  /** `seckill.yaml:8:3 load: unknown key …`, one line per problem, from top to bottom. */
  format(problems: readonly Problem[]): string {
    return [...problems]
      .sort((a, b) => a.at - b.at)
      .map(({ at, message }) => `${this.#placeOf(at)} ${message}`)
      .join('\n')
  }

  #placeOf(at: number): string {
    const { name, text, start } = this.#sources.findLast((source) => source.start <= at) ?? this.#sources[0]!
    const lines = new LineCounter()
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1)
    lines.lineStarts.unshift(0)
    const { line, col } = lines.linePos(at - start)
    return `${name}:${line}:${col}`
  }
}

const moveBy = (doc: Document, start: number): void => {
  if (start === 0) return
  visit(doc, (_key, node) => {
    if (isNode(node) && node.range) node.range = node.range.map((at) => at + start) as [number, number, number]
  })
}

const extend = (doc: Document, base: Document): void => {
  if (isMap(doc.contents) && isMap(base.contents)) join(doc.contents, base.contents)
  else if (doc.contents === null) doc.contents = base.contents as never
}

const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key)

const join = (near: YAMLMap, far: YAMLMap): void => {
  const known = new Map(near.items.map((pair) => [nameOf(pair), pair]))
  for (const pair of far.items) {
    const mine = known.get(nameOf(pair))
    if (mine === undefined) near.items.push(pair)
    else if (isMap(mine.value) && isMap(pair.value)) join(mine.value, pair.value)
  }
}
