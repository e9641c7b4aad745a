import { say } from '../../language/say.js'
import { ordersError } from './error.js'

/** One order as text, and the line it begins at. */
export interface TextRecord {
  readonly line: number
  readonly text: string
}

/** Takes in one record of orders. */
export type Taker = (record: TextRecord) => void

const MAX_RECORD = 1024 * 1024

/** Cuts text into lines as it comes; with `quotes` a newline between two of them does not end a record (RFC 4180). */
export class RecordSplitter {
  readonly #name: string
  readonly #quotes: boolean
  #pending = ''
  #line = 1
  #firstLine = 1

  constructor(name: string, { quotes }: { readonly quotes: boolean }) {
    this.#name = name
    this.#quotes = quotes
  }

  push(text: string): TextRecord[] {
    const lines = (this.#pending + text).split('\n')
    // What was pending is looked at again, whole: its lines are counted anew.
    this.#line = this.#firstLine
    this.#pending = ''
    const last = lines.pop() as string
    const records = lines.flatMap((line) => this.#take(line))
    this.#pending = this.#pending === '' ? last : `${this.#pending}\n${last}`
    if (this.#pending.length > MAX_RECORD) {
      throw ordersError(
        this.#name,
        this.#firstLine,
        say`a record of more than ${MAX_RECORD} characters: does a quote never end?`,
      )
    }
    return records
  }

  end(): TextRecord[] {
    const records = this.push('\n')
    if (this.#pending !== '') throw ordersError(this.#name, this.#firstLine, say`a quote that never ends`)
    return records
  }

  #take(line: string): TextRecord[] {
    const text = this.#pending === '' ? line : `${this.#pending}\n${line}`
    this.#line++
    if (this.#quotes && isOpen(text)) {
      this.#pending = text
      return []
    }
    const record = { line: this.#firstLine, text: text.endsWith('\r') ? text.slice(0, -1) : text }
    this.#pending = ''
    this.#firstLine = this.#line
    return record.text.trim() === '' ? [] : [record]
  }
}

/** An odd number of quotes. */
const isOpen = (text: string): boolean => {
  let open = false
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open
  return open
}
