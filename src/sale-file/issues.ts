import type { Document } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from '../sale/nearest.js'
import { formatPath, offsetOf, offsetOfKey, type Path, type Problem } from './position.js'
import { saleFileJsonSchema } from './schema.js'

type Issue = z.core.$ZodIssue

/** What zod found, in words, where it stands. */
export const problemsOf = (doc: Document, issues: readonly Issue[]): Problem[] =>
  issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return { at: offsetOf(doc, issue.path), message: named(issue.path, inWords(issue)) }
    }
    const known = knownKeys(issue.path)
    return issue.keys.map((key) => {
      const what = issue.path.length === 0 ? 'section' : 'key'
      const message = `unknown ${what} ${JSON.stringify(key)}${didYouMean(key, known) || `; known: ${known.join(', ')}`}`
      return { at: offsetOfKey(doc, issue.path, key), message: named(issue.path, message) }
    })
  })

const named = (path: Path, message: string): string => (path.length === 0 ? message : `${formatPath(path)}: ${message}`)

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  object: 'a map',
  record: 'a map',
  array: 'a list',
}

const inWords = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing'
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}${issue.expected === 'string' ? ' (put it in quotes)' : ''}`
    case 'invalid_value': {
      const given = issue.input
      if (given === undefined) return `is missing; one of ${issue.values.join(', ')}`
      const values = issue.values.map(String)
      return `${JSON.stringify(given)} is none of ${values.join(', ')}${didYouMean(String(given), values)}`
    }
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'array' ? issue.message : `must be at most ${issue.maximum}`
    default:
      return issue.message
  }
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
}

const knownKeys = (path: Path): string[] => {
  let node: SchemaNode | undefined = saleFileJsonSchema()
  for (const step of path) node = typeof step === 'number' ? node?.items : node?.properties?.[String(step)]
  return Object.keys(node?.properties ?? {})
}
