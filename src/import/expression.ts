/** `${name}` or `${__function(argument,…)}` in a text of a plan. */
export interface Reference {
  /** Of the variable, or of the function with its underscores. */
  readonly name: string
  /** Null for a variable. */
  readonly args: readonly string[] | null
}

/** Cuts a text at its references, which may hold others in their arguments. What opens and never closes is text. */
export const parseExpression = (text: string): readonly (string | Reference)[] => {
  const parts: (string | Reference)[] = []
  let from = 0
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', at)) {
    const end = closing(text, at + 2)
    if (end < 0) break
    if (at > from) parts.push(text.slice(from, at))
    parts.push(referenceOf(text.slice(at + 2, end).trim()))
    at = end + 1
    from = at
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

/** Where the brace closes that opened before `from`; -1 where it never does. */
const closing = (text: string, from: number): number => {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++
    else if (text[at] === '}') depth--
    if (depth === 0) return at
  }
  return -1
}

const referenceOf = (inside: string): Reference => {
  const [, name = inside, args] = /^(__\w+)\s*(?:\(([\s\S]*)\))?$/.exec(inside) ?? []
  if (!name.startsWith('__')) return { name, args: null }
  return { name, args: args === undefined ? [] : argumentsOf(args) }
}

/** Commas within a reference, or behind a backslash, separate nothing. */
const argumentsOf = (text: string): string[] => {
  const args = ['']
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (char === '\\' && /[,$\\]/.test(text[at + 1] ?? '')) args[args.length - 1] += text[++at] as string
    else if (char === ',' && depth === 0) args.push('')
    else {
      if (text.startsWith('${', at)) depth++
      else if (char === '}' && depth > 0) depth--
      args[args.length - 1] += char
    }
  }
  return args.map((arg) => arg.trim())
}
