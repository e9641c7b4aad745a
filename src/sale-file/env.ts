import { type Document, Scalar, visit } from 'yaml'

export type Env = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$(\$)?\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g
const ONE_REFERENCE = /^\$\{[^}]*\}$/

/**
 * Replaces `${NAME}` and `${NAME:-default}` in the values of a document (never in keys; `$${NAME}` stands for itself), an
 * empty variable counting as none where there is a default. An unquoted value that was nothing but a reference is read
 * again, so that `users: ${USERS}` is a number; those come back with their texts. Calls `missing` for a variable that is
 * not set.
 */
export const resolveEnv = (
  doc: Document,
  env: Env,
  missing: (node: Scalar, name: string) => void,
): ReadonlyMap<Scalar, string> => {
  const reread = new Map<Scalar, string>()
  const replace = (node: Scalar, before: string): string =>
    before.replace(REFERENCE, (reference, escaped, name: string, fallback: string | undefined) => {
      if (escaped !== undefined) return reference.slice(1)
      const value = env[name]
      if (value !== undefined && (value !== '' || fallback === undefined)) return value
      if (fallback === undefined) missing(node, name)
      return fallback ?? ''
    })
  visit(doc, {
    Scalar: (key, node) => {
      if (typeof node.value !== 'string' || key === 'key') return
      const before = node.value
      const after = replace(node, before)
      const isAlone = node.type === Scalar.PLAIN && ONE_REFERENCE.test(before)
      node.value = isAlone ? plainValue(after) : after
      if (typeof node.value !== 'string') reread.set(node, after)
    },
  })
  return reread
}

/** Numbers and booleans only: a variable never turns into a list or a map. */
const plainValue = (text: string): string | number | boolean => {
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text)
  return text === 'true' || text === 'false' ? text === 'true' : text
}
