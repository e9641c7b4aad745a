import { type Document, isMap, isNode, isScalar, isSeq, type Node } from 'yaml'

export type Path = readonly PropertyKey[]

/** A mistake in the sale file and where it is. */
export interface Problem {
  /** Offset in the text of the file and those it extends, one after the other: see sources.ts. */
  readonly at: number
  readonly message: string
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined)

const memberOf = (node: unknown, name: PropertyKey) =>
  isMap(node) ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name)) : undefined

/** Where the value at `path` stands, or the nearest there is above it. */
export const offsetOf = (doc: Document, path: Path): number => {
  let node: unknown = doc.contents
  let at = startOf(node) ?? 0
  for (const step of path) {
    const member = memberOf(node, step)
    const below = isSeq(node) ? node.items[Number(step)] : member?.value
    at = startOf(below) ?? startOf(member?.key) ?? at
    node = below
    if (node === undefined || node === null) break
  }
  return at
}

/** Where the name of a member stands. */
export const offsetOfKey = (doc: Document, path: Path, name: string): number => {
  const parent = nodeAt(doc, path)
  return startOf(memberOf(parent, name)?.key) ?? offsetOf(doc, path)
}

/** The node at a path, if there is one. */
export const nodeAt = (doc: Document, path: Path): Node | undefined => {
  const node = path.length === 0 ? doc.contents : doc.getIn(path, true)
  return isNode(node) ? node : undefined
}

/** `load.users`, `records[0].type`. */
export const formatPath = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${String(step)}`)).join('')
