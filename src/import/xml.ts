import { DOMParser, type Element, ParseError } from '@xmldom/xmldom'
import { SeckillError, usageError } from '../errors.js'
import { say } from '../language/say.js'

export type { Element }

/** Bytes. A plan is written by hand; what is larger holds a recording. */
export const MAX_PLAN_BYTES = 4 << 20

/** Elements within each other. */
const MAX_DEPTH = 500

/**
 * Parses the XML of `name`; its root. Entities of its own are never resolved, neither inside nor outside of it. Errors: usage, in one
 * line with the line of the mistake.
 */
export const parseXml = (text: string, name: string): Element => {
  if (depthOf(text) > MAX_DEPTH)
    throw usageError(say`${name} nests elements more than ${MAX_DEPTH} deep`, say`that is no test plan of JMeter`)
  const { documentElement, doctype } = parsed(text, name)
  if (doctype !== null)
    throw usageError(say`${name} declares a document type`, say`entities are not resolved: take out <!DOCTYPE …>`)
  return documentElement as Element
}

const parsed = (text: string, name: string) => {
  const broken = (why: string, line: unknown) =>
    usageError(
      say`${name}${typeof line === 'number' && line > 0 ? `:${line}` : ''} is no XML: ${why}`,
      say`name a test plan that JMeter saved (.jmx)`,
    )
  const parser = new DOMParser({
    // What XML 1.1 calls ends of lines beside these would shift the numbers that editors show.
    normalizeLineEndings: (source) => source.replace(/\r\n?/g, '\n'),
    onError: (level, message, { locator, doc }) => {
      // An entity that is unknown here belongs to a document type, which is told of in its own words.
      if (level !== 'error' || doc?.doctype) return
      throw broken(firstLine(message), locator?.lineNumber)
    },
  })
  try {
    return parser.parseFromString(text, 'text/xml')
  } catch (error) {
    if (error instanceof ParseError && error.cause instanceof SeckillError) throw error.cause
    if (error instanceof SeckillError) throw error
    if (!(error instanceof ParseError)) throw error
    throw broken(firstLine(error.message), error.locator?.lineNumber)
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] as string

const MARKUP =
  /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<[?!][^>]*>|<(\/?)[^\s<>/"']+(?:"[^"]*"|'[^']*'|[^<>"'])*?(\/?)>/y

/** How deep elements nest, as far as the text is well-formed: the parser's time grows with the square of it. */
const depthOf = (text: string): number => {
  let [depth, deepest] = [0, 0]
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', MARKUP.lastIndex)) {
    MARKUP.lastIndex = at
    const [markup, closing, empty] = MARKUP.exec(text) ?? []
    if (markup === undefined) break
    if (closing === '/') depth--
    else if (closing === '' && empty === '') deepest = Math.max(deepest, ++depth)
  }
  return deepest
}

/** The elements right below one. */
export const elementsOf = (element: Element): Element[] =>
  Array.from(element.childNodes).filter((node): node is Element => node.nodeType === node.ELEMENT_NODE)
