import { printable } from '../../../sale/shell-word.js'

/** Markup that is known to be well formed; any other text gets escaped on its way into a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Child = Html | string | number | null | readonly Child[]

type Attributes = Readonly<Record<string, string | number | boolean | null>>

const VOID = new Set(['meta'])

const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const markup = (child: Child): string => {
  if (child === null) return ''
  if (child instanceof Html) return child.text
  return Array.isArray(child) ? child.map(markup).join('') : escaped(String(child))
}

/** An element; an attribute that is true stands alone, one that is false or null is left out. */
export const el = (tag: string, attributes: Attributes, ...children: Child[]): Html => {
  const written = Object.entries(attributes).map(([name, value]) =>
    value === false || value === null ? '' : value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`,
  )
  const open = `<${tag}${written.join('')}>`
  return new Html(VOID.has(tag) ? open : `${open}${markup(children)}</${tag}>`)
}

/** Lines of text, one below the other. */
export const lines = (texts: readonly string[]): Html => new Html(texts.map(escaped).join('\n'))

/** A value for a script to read, which nothing in it can end early. */
export const json = (value: unknown): Html =>
  new Html(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
