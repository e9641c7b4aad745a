import { parseJsonPath, valueAt } from '../../../history/json-path.js'
import type { RecordSource, UnreadableRecord } from '../../../sale/final-state.js'
import { folder, type Places, type RecordsPlace } from '../../../sale/layout.js'
import { isJavaSerialized, showRaw, wholeNumber, whyUnreadable } from '../raw.js'

const MAX_UNREADABLE = 20

/** Whether what says where user or units are is a JSON path; otherwise the reader has picked it already. */
export const isPath = (where: string | null): where is string => where?.startsWith('$') ?? false

/** Reads text or a number at a path of a JSON document; null where there is none. */
const atPath = (where: string): ((text: string) => string | null) => {
  const { path } = parseJsonPath(where) ?? { path: [] }
  return (text) => {
    try {
      const value = valueAt(JSON.parse(text), path)
      return typeof value === 'string' || typeof value === 'number' ? String(value) : null
    } catch {
      return null
    }
  }
}

const asItIs = (text: string): string | null => (isJavaSerialized(text) ? null : text)

/** Makes users and units of records as they stand; what cannot be told is kept, counted and shown. */
export const decodeRecords = (
  place: RecordsPlace,
  { fold }: Pick<Places, 'fold'>,
  names: readonly string[],
  values: readonly string[],
): Omit<RecordSource, 'distinct'> => {
  const { user: userAt, quantity: unitsAt } = place
  const userOf = isPath(userAt) ? atPath(userAt) : asItIs
  const unitsOf = isPath(unitsAt) ? atPath(unitsAt) : asItIs
  const folded = folder(fold)
  const quantities = new Float64Array(names.length).fill(1)
  const unreadable: UnreadableRecord[] = []
  let unreadableCount = 0
  const refuse = (user: string, text: string, wanted: string) => {
    if (++unreadableCount <= MAX_UNREADABLE)
      unreadable.push({ user, raw: showRaw(text), why: whyUnreadable(text, wanted) })
  }
  const users = names.map((name, i) => {
    const user = userOf(name)
    if (user === null) {
      quantities[i] = Number.NaN
      refuse(showRaw(name), name, isPath(userAt) ? `JSON with a user at ${userAt}` : 'a name')
      return showRaw(name)
    }
    const shown = folded(user)
    if (unitsAt === null) return shown
    const value = values[i] as string
    const units = wholeNumber(unitsOf(value) ?? '')
    quantities[i] = units
    if (Number.isNaN(units))
      refuse(shown, value, isPath(unitsAt) ? `JSON with a whole number at ${unitsAt}` : 'a whole number')
    return shown
  })
  return { key: place.key, type: place.type, users, quantities, unreadable, unreadableCount }
}
