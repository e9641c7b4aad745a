import type { Module } from './modules.js'

/** The walls of the house, as data. Keys and values are rooms or files of src: the longest key that fits a file counts. */
export interface Plan {
  /** What a room may import besides itself; `type x` allows only what the compiler erases. */
  readonly mayImport: Readonly<Record<string, readonly string[]>>
  /** Packages that only these may import. */
  readonly packagesOf: Readonly<Record<string, readonly string[]>>
  /** Packages (`node:` for all of Node's) that a room must not import. */
  readonly without: Readonly<Record<string, readonly string[]>>
  /** The only files that may use `process` and `console`, and what everybody may read. */
  readonly globals: { readonly owner: string; readonly free: readonly string[] }
  readonly maxLines: number
}

/** Messages, one for each breach; an empty list is a house in order. */
type Check = (modules: readonly Module[], plan: Plan) => string[]

const isIn = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)

const roomOf = (path: string): string => path.split('/')[0]!

const keyFor = (path: string, table: Readonly<Record<string, unknown>>): string | undefined =>
  Object.keys(table)
    .filter((place) => isIn(path, place))
    .sort((a, b) => b.length - a.length)[0]

const directions: Check = (modules, { mayImport }) =>
  modules.flatMap(({ path, imports }) => {
    const key = keyFor(path, mayImport)
    if (key === undefined) return [`${path} is in no room of the plan`]
    const allowed = mayImport[key]!
    return imports
      .filter(({ target, isPackage, typeOnly }) => {
        if (isPackage || roomOf(target) === roomOf(path)) return false
        return !allowed.some((place) => isIn(target, place) || (typeOnly && isIn(`type ${target}`, place)))
      })
      .map(({ target }) => `${path} imports ${target}: ${key} may import ${allowed.join(', ') || 'nothing'}`)
  })

const packages: Check = (modules, { packagesOf }) =>
  modules.flatMap(({ path, imports }) =>
    imports
      .filter(({ target, isPackage }) => isPackage && keyFor(target, packagesOf) !== undefined)
      .map(({ target }) => ({ target, owners: packagesOf[keyFor(target, packagesOf)!]! }))
      .filter(({ owners }) => !owners.some((owner) => isIn(path, owner)))
      .map(({ target, owners }) => `${path} imports ${target}: only ${owners.join(', ')} may`),
  )

const purity: Check = (modules, { without }) =>
  modules.flatMap(({ path, imports }) => {
    const banned = without[keyFor(path, without) ?? ''] ?? []
    return imports
      .filter(
        ({ target, isPackage }) =>
          isPackage && banned.some((name) => isIn(target, name) || target.startsWith(`${name}:`)),
      )
      .map(({ target }) => `${path} imports ${target}: it does no I/O`)
  })

const globals: Check = (modules, { globals: { owner, free } }) =>
  modules
    .filter(({ path }) => path !== owner)
    .flatMap((module) => [
      ...module.globals
        .filter((use) => !free.includes(use))
        .map((use) => `${module.path} uses ${use}: only ${owner} may`),
      ...module.imports
        .filter(({ target }) => target === 'node:process' || target === 'node:console')
        .map(({ target }) => `${module.path} imports ${target}: only ${owner} may`),
    ])

const sizes: Check = (modules, { maxLines }) =>
  modules
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path} has ${lines} lines: at most ${maxLines}`)

/** Depth first; each cycle is told once, from the file where it was entered. */
const cycles: Check = (modules) => {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const finished = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path)
    if (seenAt >= 0) found.push(`import cycle: ${[...trail.slice(seenAt), path].join(' → ')}`)
    if (seenAt >= 0 || finished.has(path)) return
    for (const { target } of byPath.get(path)?.imports ?? []) visit(target, [...trail, path])
    finished.add(path)
  }
  for (const { path } of modules) visit(path, [])
  return found
}

export const CHECKS = { directions, packages, purity, globals, cycles, sizes } as const satisfies Record<string, Check>
