import { type Document, Scalar, visit } from 'yaml'

export type Env = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$(\$)?\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g
const ONE_REFERENCE = /^\$\{[^}]*\}$/

/**
 * Replaces `${NAME}` and `${NAME:-default}` in the values of a document (never in keys; `$${NAME}` stands for itself), an
 * empty variable counting as none where there is a default. Returns the values that were nothing but a reference, with
 * their texts; without quotes they are read as YAML would read them, so that `users: ${USERS}` is a number. Calls `missing`
 * for a variable that is not set.
 */
export const resolveEnv = (
  doc: Document,
  env: Env,
  missing: (node: Scalar, name: string) => void,
): ReadonlyMap<Scalar, string> => {
  const references = new Map<Scalar, string>()
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
      node.value = replace(node, before)
      if (!ONE_REFERENCE.test(before)) return
      references.set(node, String(node.value))
      if (node.type === Scalar.PLAIN) node.value = plainValue(String(node.value))
    },
  })
  return references
}

/** Numbers and booleans only: a variable never turns into a list or a map. */
export const plainValue = (text: string): string | number | boolean => {
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && String(Number(text)) === text) return Number(text)
  return text === 'true' || text === 'false' ? text === 'true' : text
}
