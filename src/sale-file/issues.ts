import type { Document } from 'yaml'
import type { z } from 'zod'
import { say } from '../language/say.js'
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
      const hint = didYouMean(key, known) || say`; known: ${known.join(say`, `)}`
      const quoted = JSON.stringify(key)
      const message =
        issue.path.length === 0 ? say`unknown section ${quoted}${hint}` : say`unknown key ${quoted}${hint}`
      return { at: offsetOfKey(doc, issue.path, key), message: named(issue.path, message) }
    })
  })

const named = (path: Path, message: string): string =>
  path.length === 0 ? message : say`${formatPath(path)}: ${message}`

const typeName = (expected: string): string => {
  const names: Readonly<Record<string, string>> = {
    int: say`a whole number`,
    number: say`a number`,
    boolean: say`boolean`,
    object: say`a map`,
    record: say`a map`,
    array: say`a list`,
  }
  return names[expected] ?? expected
}

const inWords = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return say`is missing`
      return issue.expected === 'string'
        ? say`must be text (put it in quotes)`
        : say`must be ${typeName(issue.expected)}`
    case 'invalid_value': {
      const given = issue.input
      if (given === undefined) return say`is missing; one of ${issue.values.join(say`, `)}`
      const values = issue.values.map(String)
      return say`${JSON.stringify(given)} is none of ${values.join(say`, `)}${didYouMean(String(given), values)}`
    }
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? say`must not be empty`
        : say`must be at least ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'array' ? issue.message : say`must be at most ${issue.maximum}`
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
