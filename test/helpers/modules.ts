import { posix } from 'node:path'
import { parseAst } from 'vitest/node'

/** One import, export-from or import() of a source file. */
export interface Import {
  /** A file of src without its extension (`redis/port`), a package (`ioredis`, `node:fs`), or `?` where it is computed. */
  readonly target: string
  readonly isPackage: boolean
  /** Erased by the compiler. */
  readonly typeOnly: boolean
}

/** A source file as the architecture rules see it; `path` is relative to src, without its extension. */
export interface Module {
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Uses of `process` and `console`: `process.env`, `console.log`, and the bare name where it is used otherwise. */
  readonly globals: readonly string[]
}

export type Node = { type: string } & Record<string, unknown>

const WATCHED = new Set(['process', 'console'])

export const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string'

const walk = (node: Node, visit: (node: Node, parent: Node, slot: string) => void): void => {
  for (const [slot, value] of Object.entries(node))
    for (const child of [value].flat())
      if (isNode(child)) {
        visit(child, node, slot)
        walk(child, visit)
      }
}

const isTypeOnly = (node: Node): boolean => {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true
  const names = (node.specifiers ?? []) as Node[]
  return names.length > 0 && names.every((name) => name.importKind === 'type' || name.exportKind === 'type')
}

const toImport = (path: string, node: Node): Import => {
  const specifier = (node.source as Node).value
  const typeOnly = isTypeOnly(node)
  if (typeof specifier !== 'string') return { target: '?', isPackage: false, typeOnly }
  if (!specifier.startsWith('.')) return { target: specifier, isPackage: true, typeOnly }
  const file = posix.join(posix.dirname(path), specifier)
  return { target: file.replace(/\.[jt]s$/, ''), isPackage: false, typeOnly }
}

const isImport = (node: Node): boolean => /^(Import|Export|TSImport)/.test(node.type) && isNode(node.source)

/** A name used as a value, not the name of a property (`other.process`, `{ process: 1 }`). */
const isReference = (node: Node, parent: Node, slot: string): boolean =>
  node.type === 'Identifier' &&
  WATCHED.has(node.name as string) &&
  !((slot === 'property' || slot === 'key') && parent.computed !== true)

const useOf = (node: Node, parent: Node, slot: string): string => {
  const member = parent.type === 'MemberExpression' && slot === 'object' && parent.computed === false
  return member ? `${node.name}.${(parent.property as Node).name}` : String(node.name)
}

/** Parses one TypeScript file; `path` is relative to src (`redis/port.ts`). Throws where the text does not parse. */
export const parseModule = (path: string, text: string): Module => {
  const imports: Import[] = []
  const globals: string[] = []
  walk({ type: 'Root', program: parseAst(text, { lang: 'ts' }) }, (node, parent, slot) => {
    if (isImport(node)) imports.push(toImport(path, node))
    if (isReference(node, parent, slot)) globals.push(useOf(node, parent, slot))
  })
  return { path: path.replace(/\.ts$/, ''), lines: text.trimEnd().split('\n').length, imports, globals }
}
