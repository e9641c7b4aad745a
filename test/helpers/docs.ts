import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../', import.meta.url)

/** Absolute path of a file of the project. */
export const pathOf = (name: string): string => fileURLToPath(new URL(name, ROOT))

export const readDocument = (name: string): string => readFileSync(pathOf(name), 'utf8')

/** Every document; the Chinese README has the blocks of the English one. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'README.zh-CN.md',
  'CHANGELOG.md',
  ...readdirSync(pathOf('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** A fenced block of Markdown. */
export interface Block {
  readonly language: string
  /** The words behind the language: the name of a file; or, where shown output may differ, in what: see test/cli/docs.test.ts. */
  readonly words: readonly string[]
  readonly text: string
}

/** The fenced blocks of a document, in order. */
export const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => {
    const [language = '', ...words] = info.split(' ')
    return { language, words, text }
  })

/** Lines of a block that call something, without the comments behind them; a backslash joins lines. */
export const commandsOf = ({ text }: Block): string[] =>
  text
    .replaceAll('\\\n', '')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s+)#(?:\s.*)?$/, '').trim())
    .filter((line) => line !== '')

/** `seckill …` in running text and tables. */
export const inlineCommandsOf = (markdown: string): string[] =>
  [...markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`(seckill [a-z][^`]*)`/g)].map(([, line = '']) => line)

/** Headings as the numbers of their hashes, so that two languages can be compared. */
export const outlineOf = (markdown: string): number[] =>
  [...markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^(#+) /gm)].map(([, hashes = '']) => hashes.length)

/** A command of a console block, and what it prints. */
export interface Example {
  readonly command: string
  readonly output: string
}

/** `$ command` lines with the lines that follow each. */
export const examplesOf = ({ text }: Block): Example[] =>
  text
    .split(/^\$ /m)
    .slice(1)
    .map((example) => {
      const [command = '', ...lines] = example.trimEnd().split('\n')
      return { command, output: lines.join('\n') }
    })

/** A document in which the part between `<!-- name -->` and `<!-- /name -->` is replaced. Throws where there is none. */
export const withGenerated = (markdown: string, parts: Readonly<Record<string, string>>): string =>
  Object.entries(parts).reduce((text, [name, part]) => {
    const [before, , after] = text.split(new RegExp(`(?<=^<!-- ${name} -->\n)|(?=^<!-- /${name} -->$)`, 'm'))
    if (before === undefined || after === undefined) throw new Error(`no <!-- ${name} --> in the document`)
    return `${before}${part}\n${after}`
  }, markdown)
