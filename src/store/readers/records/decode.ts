import { parseJsonPath, valueAt } from '../../../history/json-path.js'
import { say } from '../../../language/say.js'
import type { RecordSource, UnreadableRecord } from '../../../sale/final-state.js'
import { folder, type Places, type RecordsPlace } from '../../../sale/layout.js'
import { parseExactly } from '../exact-json.js'
import { isJavaSerialized, showRaw, wholeNumber, whyUnreadable } from '../raw.js'

const MAX_UNREADABLE = 20

/** Whether what says where user or units are is a JSON path; otherwise the reader has picked it already. */
export const isPath = (where: string | null): where is string => where?.startsWith('$') ?? false

/** Reads text or a number at a path of a JSON document; null where there is none. */
const atPath = (where: string): ((text: string) => string | null) => {
  const { path } = parseJsonPath(where) ?? { path: [] }
  return (text) => {
    try {
      const value = valueAt(parseExactly(text), path)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null
    } catch {
      return null
    }
  }
}

const asItIs = (text: string): string | null => (isJavaSerialized(text) ? null : text)

/** Gathers records of one place; what cannot be told is kept, counted and shown. */
export class RecordList {
  readonly #place: RecordsPlace
  readonly #fold: (name: string) => string
  readonly #users: string[] = []
  readonly #quantities: number[] = []
  readonly #unreadable: UnreadableRecord[] = []
  #unreadableCount = 0

  constructor(place: RecordsPlace, { fold }: Pick<Places, 'fold'>) {
    this.#place = place
    this.#fold = folder(fold)
  }

  /** A record of a user, null where `raw` has none; `units` as text, null where each record is one. */
  add(user: string | null, units: string | null, raw: string, wanted = say`a whole number`): void {
    const name = user === null ? showRaw(raw) : this.#fold(user)
    const quantity = user === null ? Number.NaN : units === null ? 1 : wholeNumber(units)
    this.#users.push(name)
    this.#quantities.push(quantity)
    if (!Number.isNaN(quantity) || ++this.#unreadableCount > MAX_UNREADABLE) return
    const shown = user === null || units === null ? raw : units
    this.#unreadable.push({ user: name, raw: showRaw(shown), why: whyUnreadable(shown, wanted) })
  }

  source(): Omit<RecordSource, 'distinct'> {
    const { key, type } = this.#place
    const [users, unreadable] = [this.#users, this.#unreadable]
    return {
      key,
      type,
      users,
      quantities: Float64Array.from(this.#quantities),
      unreadable,
      unreadableCount: this.#unreadableCount,
    }
  }
}

/** Makes users and units of records as they stand; one without a name is shown by its value. */
export const decodeRecords = (
  place: RecordsPlace,
  places: Pick<Places, 'fold'>,
  names: readonly (string | null)[],
  values: readonly string[],
): Omit<RecordSource, 'distinct'> => {
  const { user: userAt, quantity: unitsAt } = place
  const userOf = isPath(userAt) ? atPath(userAt) : asItIs
  const unitsOf = isPath(unitsAt) ? atPath(unitsAt) : asItIs
  const noUser =
    userAt === null
      ? say`a name`
      : isPath(userAt)
        ? say`JSON with a user at ${userAt}`
        : say`an entry with a field ${userAt}`
  const noUnits = isPath(unitsAt) ? say`JSON with a whole number at ${unitsAt}` : say`a whole number`
  const list = new RecordList(place, places)
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string | null
    const value = values[i] as string
    const user = name === null ? null : userOf(name)
    if (user === null) list.add(null, null, name ?? value, noUser)
    else list.add(user, unitsAt === null ? null : (unitsOf(value) ?? value), value, noUnits)
  }
  return list.source()
}
