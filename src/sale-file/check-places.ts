import { usageError } from '../errors.js'
import { parseJsonPath } from '../history/json-path.js'
import { say } from '../language/say.js'
import { parseKey } from '../sale/keys.js'
import type { Checker } from './checker.js'
import { numbered, placeMember, type SaleInput, STOCK_MEMBERS, STOCK_NEEDS } from './places.js'

/** What is wrong with stock and records beyond their shapes; keys that the sale's id leaves open, the command checks. */
export const checkPlaces = ({ stock, records }: SaleInput, checker: Checker): void => {
  const taken = new Set(stock === undefined ? [] : checkStock(stock, checker))
  for (const [i, place] of (records ?? []).entries()) {
    checkRecords(place, i, checker)
    const member = placeMember(place.type ?? 'hash')
    const key = place[member]
    if (key === undefined) continue
    if (taken.has(key)) {
      const clash =
        key === stock?.key
          ? say`stock and records cannot share the key ${key}`
          : say`two places cannot share the key ${key}`
      checker.refuse(['sale', 'records', i, member], clash)
    }
    taken.add(key)
  }
}

/** The keys that a stock names. */
const checkStock = (stock: NonNullable<SaleInput['stock']>, checker: Checker): string[] => {
  const { type = 'list' } = stock
  for (const [member, types] of Object.entries(STOCK_MEMBERS)) {
    if (stock[member as keyof typeof STOCK_MEMBERS] === undefined || (types as readonly string[]).includes(type))
      continue
    checker.refuse(['sale', 'stock', member], say`belongs to type ${types.join(say` or `)}, not ${type}`)
  }
  for (const member of STOCK_NEEDS[type] ?? []) {
    if (stock[member] === undefined) checker.refuse(['sale', 'stock', 'type'], say`${type} needs ${member}`)
  }
  if (stock.key !== undefined && (type === 'sum' || type === 'none'))
    checker.refuse(['sale', 'stock', 'key'], type === 'sum' ? say`type ${type} has keys` : say`type ${type} has no key`)
  const named = [...(stock.key === undefined ? [] : [stock.key]), ...(stock.keys ?? [])]
  for (const [i, key] of named.entries()) {
    const path = stock.key === undefined ? ['sale', 'stock', 'keys', i] : ['sale', 'stock', 'key']
    checker.try(path, () => {
      if (numbered(key).length === 0)
        throw usageError(say`${key} is no range`, say`write stock:{0..15}, at most 1000 of them`)
      return parseKey(key)
    })
  }
  return named.flatMap(numbered)
}

const ALWAYS_JSON = new Set(['hash-units', 'set', 'list'])

const checkRecords = (place: NonNullable<SaleInput['records']>[number], i: number, checker: Checker): void => {
  const { type = 'hash', user, quantity } = place
  const path = ['sale', 'records', i]
  const member = placeMember(type)
  for (const other of ['key', 'pattern', 'path', 'command'] as const) {
    if (place[other] !== undefined && other !== member)
      checker.refuse([...path, other], say`type ${type} has ${member}, not ${other}`)
  }
  if (member !== 'key' && place[member] === undefined) checker.refuse([...path, 'type'], say`${type} needs ${member}`)
  if (place.key !== undefined) checker.try([...path, 'key'], () => parseKey(place.key as string))
  if (place.pattern !== undefined && place.pattern.split('{user}').length !== 2)
    checker.refuse([...path, 'pattern'], say`needs {user} once, such as order:{user}`)
  if (type === 'stream' && user === undefined)
    checker.refuse([...path, 'type'], say`stream needs user: the field that names the buyer`)
  for (const [name, where] of Object.entries({ user, quantity })) {
    if (typeof where !== 'string') continue
    const isPath = where.startsWith('$')
    if (isPath && parseJsonPath(where)?.rest !== '')
      checker.refuse([...path, name], say`${JSON.stringify(where)} is no JSON path such as $.user`)
    if (isPath ? type === 'stream' : !namesMember(type, name, where))
      checker.refuse([...path, name], say`${JSON.stringify(where)} is nowhere in records of type ${type}`)
  }
}

/** Whether what is no JSON path can tell where user or units are. */
const namesMember = (type: string, name: string, where: string): boolean => {
  if (type === 'stream' || type === 'file' || type === 'command') return true
  if (name === 'user' || ALWAYS_JSON.has(type)) return false
  return type === 'keys' || where === (type === 'zset' ? 'score' : 'value')
}
