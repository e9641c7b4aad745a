import { expect, it } from 'vitest'
import { parseExactly } from '../../src/store/readers/exact-json.js'
import { fc } from '../helpers/fc.js'

/** What a text says, with long texts of digits as numbers, the rounded ones that JSON.parse makes of them. */
const rounded = (parse: (text: string) => unknown, text: string) => {
  try {
    const number = (value: unknown) => typeof value === 'string' && /^-?\d{16,}$/.test(value)
    return JSON.stringify(parse(text), (_, value) => (number(value) ? Number(value) : value))
  } catch {
    return 'no JSON'
  }
}

it('keeps every digit of an integer, wherever it stands', () => {
  const id = fc.bigInt({ min: 10n ** 15n, max: 10n ** 30n })
  fc.assert(
    fc.property(id, fc.boolean(), fc.string(), fc.jsonValue(), (id, minus, name, other) => {
      const text = `${minus ? '-' : ''}${id}`
      const json = `[${JSON.stringify(name)}, {"o": ${JSON.stringify(other)}, ${JSON.stringify(`u${name}`)}:${text}}]`
      expect((parseExactly(json) as [string, Record<string, unknown>])[1][`u${name}`]).toBe(text)
      expect(parseExactly(text)).toBe(text)
    }),
  )
})

it('reads all else as JSON.parse does, and refuses what that refuses', () => {
  const digits = '1729382256910270465'
  const piece = fc.constantFrom(
    digits,
    `"${digits}"`,
    '"',
    '\\',
    '"\\"',
    `0.${digits}`,
    'e5',
    '-',
    '.',
    '0',
    ',',
    '[',
    ']',
    'x',
  )
  const texts = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.oneof(texts, fc.json()), (text) => {
      expect(rounded(parseExactly, text)).toBe(rounded(JSON.parse, text))
    }),
    { numRuns: 5_000 },
  )
})
