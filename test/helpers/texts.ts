import { parseAst } from 'vitest/node'
import { isNode, type Node } from './modules.js'

/** Where a text stands. `line` counts from 1. */
interface Spot {
  readonly line: number
}

/** What a source file says to people. */
export interface Texts {
  /** Keys of the table of sentences that it uses: of `` say`…` `` and of `count(n, '…')`. */
  readonly keys: readonly (Spot & { readonly key: string })[]
  /** Uses of `say` and `count` that are evaluated when the module loads, before a language is chosen. */
  readonly early: readonly Spot[]
  /** Nouns that `count` is called with and that are no plain text. */
  readonly unclear: readonly Spot[]
  /** Literals that look like words for people, and stand outside of `say`. */
  readonly bare: readonly (Spot & { readonly text: string })[]
  /** All plain literals: what `word` may be asked for. */
  readonly literals: readonly string[]
}

/** Calls whose arguments are English on purpose: help texts of commander, descriptions in schemas, bugs. */
const NOT_TOLD = new Set([
  'option',
  'argument',
  'description',
  'helpGroup',
  'addHelpText',
  'describe',
  'meta',
  'word',
  'requiredOption',
  'optionsGroup',
  'addSaleOptions',
  'addThresholdOption',
])

/** Fields of data that is help text, too. */
const NOT_TOLD_FIELDS = new Set(['summary', 'examples', 'description'])

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'FunctionDeclaration'])

const textOf = ({ quasis }: Node): string =>
  (quasis as Node[])
    .map((quasi) => (quasi.value as { cooked: string }).cooked)
    .reduce((key, part, i) => `${key}{${i - 1}}${part}`)

/** Commands, and the name of a strategy as a target of a run. */
const COMMAND = /^(seckill|redis-cli|sudo|npm|ulimit|strategy|--[a-z-]+) /

/** Figures with a unit that is a symbol. */
const FIGURE = /^(p\{0\} \{1\}|\{0\}) (ms|s|MB|MiB|%)$/

/** Two words beside each other, or a word beside what is filled in: no identifier, key or path looks like that. */
const looksLikeWords = (text: string): boolean =>
  !COMMAND.test(`${text.trim()} `) &&
  !FIGURE.test(text) &&
  /(^|[\s("'`])[\p{L}’'-]{2,}[,:;.…”"]? +([\p{L}]{2,}|\{\d)|\}[,:;.…”"%]? +[\p{L}]{2,}|^[,;:]? [\p{L}]{2,}|[\p{L}]{3,}[,;:]? $/u.test(
    text,
  )

const nameOf = (callee: Node): string =>
  String((callee.type === 'MemberExpression' ? (callee.property as Node) : callee).name)

/** Parses one TypeScript file. Throws where the text does not parse. */
export const textsOf = (source: string): Texts => {
  const keys: { line: number; key: string }[] = []
  const [early, unclear]: [Spot[], Spot[]] = [[], []]
  const bare: { line: number; text: string }[] = []
  const literals: string[] = []
  const counts = /import \{[^}]*\bcount\b[^}]*\} from '[^']*say\.js'/.test(source)
  const lineAt = (node: Node) => source.slice(0, node.start as number).split('\n').length
  const visit = (node: Node, inFunction: boolean, told: boolean): void => {
    const line = lineAt(node)
    if (/^(Import|Export(All|Named)|TS)/.test(node.type) && !isNode(node.declaration) && !isNode(node.expression))
      return
    if (node.type === 'TaggedTemplateExpression' && (node.tag as Node).name === 'say') {
      keys.push({ line, key: textOf(node.quasi as Node) })
      if (!inFunction) early.push({ line })
      for (const value of (node.quasi as Node).expressions as Node[]) visit(value, inFunction, told)
      return
    }
    if (node.type === 'CallExpression' && counts && (node.callee as Node).name === 'count') {
      const [, one, ...others] = node.arguments as Node[]
      if (typeof one?.value === 'string') keys.push({ line, key: `{0} ${one.value}` })
      if ([one, ...others].some((noun) => typeof noun?.value !== 'string')) unclear.push({ line })
      if (!inFunction) early.push({ line })
      visit((node.arguments as Node[])[0] as Node, inFunction, told)
      return
    }
    if (node.type === 'Literal' && typeof node.value === 'string') literals.push(node.value)
    if (told && node.type === 'Literal' && typeof node.value === 'string' && looksLikeWords(node.value))
      bare.push({ line, text: node.value })
    if (told && node.type === 'TemplateLiteral' && looksLikeWords(textOf(node))) bare.push({ line, text: textOf(node) })
    const silent =
      (node.type === 'CallExpression' && NOT_TOLD.has(nameOf(node.callee as Node))) ||
      (node.type === 'Property' && NOT_TOLD_FIELDS.has(String((node.key as Node).name)))
    // What stands before `.describe(…)` is not its argument.
    for (const [part, value] of Object.entries(node))
      for (const child of [value].flat())
        if (isNode(child)) visit(child, inFunction || FUNCTIONS.has(node.type), told && !(silent && part !== 'callee'))
  }
  visit({ type: 'Root', program: parseAst(source, { lang: 'ts' }), start: 0 }, false, true)
  return { keys, early, unclear, bare, literals }
}
