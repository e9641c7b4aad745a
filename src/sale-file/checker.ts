import type { Document } from 'yaml'
import { messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { formatPath, offsetOf, type Path, type Problem } from './position.js'

/** Gathers what is wrong beyond shapes and types. */
export class Checker {
  readonly problems: Problem[] = []
  readonly #doc: Document

  constructor(doc: Document) {
    this.#doc = doc
  }

  refuse(path: Path, message: string): undefined {
    this.problems.push({ at: offsetOf(this.#doc, path), message: say`${formatPath(path)}: ${message}` })
  }

  /** What `read` returns; the error that it throws becomes a problem at `path`. */
  try<T>(path: Path, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof SeckillError)) throw error
      return this.refuse(path, [messageOf(error), error.hint].filter(Boolean).join(say`; `))
    }
  }

  /** The one value that is given; a second one is a problem. */
  only<V>(
    members: readonly (readonly [Path, V | undefined])[],
  ): { readonly path: Path; readonly value: V } | undefined {
    const [first, second] = members.filter(([, value]) => value !== undefined) as [Path, V][]
    if (first && second) this.refuse(second[0], say`${formatPath(first[0])} says this already; keep one of them`)
    return first && { path: first[0], value: first[1] }
  }

  /** What `parse` makes of a value that may be missing; `form` tells how to write it. */
  value<T, V>(path: Path, value: V | undefined, parse: (value: V) => T | undefined, form: string): T | undefined {
    if (value === undefined) return undefined
    return parse(value) ?? this.refuse(path, say`${JSON.stringify(value)} is not ${form}`)
  }
}
