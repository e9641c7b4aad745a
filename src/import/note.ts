/**
 * What became of an element of a plan: `changed` (kept in another form), `unnecessary` (seckill does it by itself), `disabled`
 * (switched off in the plan), `dropped` (cannot be kept).
 */
export const NOTE_KINDS = ['changed', 'unnecessary', 'disabled', 'dropped'] as const

export type NoteKind = (typeof NOTE_KINDS)[number]

/** One remark on a plan. */
export interface Note {
  readonly kind: NoteKind
  /** In the plan, from 1. */
  readonly line: number
  /** Tag of the element: `SyncTimer`. */
  readonly element: string
  /** As the plan calls it. */
  readonly name: string
  readonly message: string
}

/** What is noted of: an element of the plan. */
export interface Noted {
  readonly tag: string
  readonly name: string
  readonly line: number
}

/** Gathers remarks; the same one is kept once. */
export class Notes {
  readonly #notes: Note[] = []

  add(kind: NoteKind, { tag, name, line }: Noted, message: string): void {
    const known = this.#notes.some((note) => note.line === line && note.message === message)
    if (!known) this.#notes.push({ kind, line, element: tag, name, message })
  }

  /** Takes over what was gathered elsewhere. */
  join(other: Notes): void {
    for (const { kind, line, element, name, message } of other.#notes)
      this.add(kind, { tag: element, name, line }, message)
  }

  /** From top to bottom of the plan. */
  inOrder(): readonly Note[] {
    return [...this.#notes].sort((a, b) => a.line - b.line)
  }
}
