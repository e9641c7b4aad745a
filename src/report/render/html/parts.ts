import { count, say } from '../../../language/say.js'
import { printable } from '../../../sale/shell-word.js'
import { type Child, el, type Html } from './element.js'

/** Where a piece of a page stands: the start of its ids, and the level of its headings. */
export interface Place {
  readonly id: string
  readonly level: number
}

/** A part of the page with its heading, by which screen readers name it. */
export const section = ({ id, level }: Place, name: string, title: string, ...content: Child[]): Html =>
  el('section', { 'aria-labelledby': `${id}-${name}` }, el(`h${level}`, { id: `${id}-${name}` }, title), ...content)

interface Table {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly Child[])[]
}

/** A table whose first column names its rows. On a narrow screen every row is a card: it keeps its roles for that. */
export const table = ({ caption, head, rows }: Table): Html =>
  el(
    'table',
    { class: 'cards', role: 'table' },
    el('caption', {}, caption),
    el(
      'thead',
      { role: 'rowgroup' },
      el('tr', { role: 'row' }, ...head.map((text) => el('th', { scope: 'col', role: 'columnheader' }, text))),
    ),
    el('tbody', { role: 'rowgroup' }, ...rows.map((row) => el('tr', { role: 'row' }, ...cells(head, row)))),
  )

const cells = (head: readonly string[], row: readonly Child[]): Html[] =>
  row.map((child, i) =>
    i === 0
      ? el('th', { scope: 'row', role: 'rowheader' }, child)
      : el('td', { role: 'cell', 'data-label': head[i] as string }, child),
  )

export const details = (summary: string, ...content: Child[]): Html =>
  el('details', {}, el('summary', {}, summary), ...content)

/** A command to copy: it wraps rather than scrolls. */
export const command = (text: string): Html => el('pre', { class: 'command' }, el('code', {}, text))

/** Terms and what they are. */
export const facts = (pairs: readonly (readonly [string, Child])[]): Html =>
  el('dl', {}, ...pairs.map(([term, told]) => el('div', {}, el('dt', {}, term), el('dd', {}, told))))

const SHOWN = 200

/** Names of users, all of them up to a bound. */
export const names = (users: readonly string[], inAll: number): Html =>
  el(
    'p',
    { class: 'names' },
    users.slice(0, SHOWN).map(printable).join(say`, `),
    inAll > SHOWN ? say` and ${inAll - SHOWN} more; the audit’s --json names them` : '',
  )

export const namesOf = (title: string, users: readonly string[], inAll: number): Html | null =>
  inAll === 0 ? null : details(say`${title} (${count(inAll, 'user')})`, names(users, inAll))

export type Mark = 'pass' | 'fail' | 'inconclusive' | 'untested' | 'skipped' | 'none'

const SIGNS: Readonly<Record<Mark, string>> = {
  ...{ pass: '✓', fail: '✗', inconclusive: '?', untested: '–', skipped: '–', none: '–' },
}

export const verdictText = (verdict: Mark): string =>
  ({
    pass: () => say`passed`,
    fail: () => say`FAILED`,
    inconclusive: () => say`cannot be told`,
    untested: () => say`not tested`,
    skipped: () => say`skipped`,
    none: () => say`not judged`,
  })[verdict]()

export const badge = (verdict: Mark, text = verdictText(verdict)): Html =>
  el('span', { class: `badge ${verdict}` }, el('span', { 'aria-hidden': 'true' }, SIGNS[verdict]), ` ${text}`)
