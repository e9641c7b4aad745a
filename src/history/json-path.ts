/** The steps of a JSON path: member names and array positions. */
export type JsonPath = readonly (string | number)[]

const STEP = /\.([^.[\]=\s'"]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y

/**
 * Reads a simple JSON path (`$`, `.name`, `['name']`, `[0]`) at the start of a text; undefined where there is none.
 * `rest` is what follows it.
 */
export const parseJsonPath = (text: string): { path: JsonPath; rest: string } | undefined => {
  if (!text.startsWith('$')) return undefined
  const path: (string | number)[] = []
  let end = 1
  for (;;) {
    STEP.lastIndex = end
    const step = STEP.exec(text)
    if (step === null) return { path, rest: text.slice(end) }
    path.push(step[2] === undefined ? (step[1] ?? step[3] ?? step[4] ?? '') : Number(step[2]))
    end = STEP.lastIndex
  }
}

/** The value at a path; undefined where the document has none. */
export const valueAt = (document: unknown, path: JsonPath): unknown => {
  let value = document
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    if (Array.isArray(value) && typeof step === 'string') return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** A path as {@link parseJsonPath} reads it. */
export const formatJsonPath = (path: JsonPath): string => `$${path.map(formatStep).join('')}`

const formatStep = (step: string | number): string => {
  if (typeof step === 'number') return `[${step}]`
  if (/^[^.[\]=\s'"]+$/.test(step)) return `.${step}`
  return step.includes("'") ? `["${step}"]` : `['${step}']`
}
