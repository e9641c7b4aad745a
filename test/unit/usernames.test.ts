import { describe, expect, it } from 'vitest'
import { USERNAME_KINDS, userNamer, userNaming } from '../../src/sale/usernames.js'

describe.each(USERNAME_KINDS)('%s names', (kind) => {
  it('are unique over a million users', () => {
    const users = kind === 'sequential' ? 10_000 : 1_000_000
    const nameOf = userNamer(userNaming(kind, 42))
    const names = new Set<string>()
    for (let index = 0; index < users; index++) names.add(nameOf(index))
    expect(names.size).toBe(users)
  })

  it('are the same in another process: only kind, seed and index count', () => {
    const again = JSON.parse(JSON.stringify(userNaming(kind, 7)))
    const [first, second] = [userNamer(userNaming(kind, 7)), userNamer(again)]
    for (const index of [0, 1, 999, 123_456_789, 2 ** 32, 2 ** 40 - 1]) expect(first(index)).toBe(second(index))
  })
})

it('are those of the first release: a run log keeps the seed, not the names', () => {
  const three = (kind: (typeof USERNAME_KINDS)[number]) => [0, 1, 2].map(userNamer(userNaming(kind, 42)))
  expect({ random: three('random'), sequential: three('sequential'), zh: three('zh') }).toMatchInlineSnapshot(`
    {
      "random": [
        "uj9vqzw7t",
        "ud8c3pkaq",
        "unpwn5y3h",
      ],
      "sequential": [
        "user-000001",
        "user-000002",
        "user-000003",
      ],
      "zh": [
        "潘涵志4190458",
        "韩秋春3886423",
        "程国怡1243249",
      ],
    }
  `)
})

it('random names are nine letters that survive forms, headers and case folding', () => {
  const nameOf = userNamer(userNaming('random', 1))
  for (let index = 0; index < 10_000; index++) expect(nameOf(index)).toMatch(/^u[0-9a-z]{8}$/)
})

it('zh names are three characters and a number, of which every part is used to the full', () => {
  const nameOf = userNamer(userNaming('zh', 1))
  const names = Array.from({ length: 20_000 }, (_, index) => nameOf(index))
  for (const name of names) expect(name).toMatch(/^\p{Script=Han}{3}\d+$/u)
  // A part that is not used to the full would give two users one name.
  for (const place of [0, 1, 2]) expect(new Set(names.map((name) => name[place])).size).toBe(64)
  expect(new Set(names.map((name) => Math.floor(Number(name.slice(3)) / 2 ** 20)))).toEqual(new Set([0, 1, 2, 3]))
})

it('sequential names count from one', () => {
  const nameOf = userNamer(userNaming('sequential', 1))
  expect([nameOf(0), nameOf(999_998), nameOf(999_999), nameOf(1_000_000)]).toEqual([
    ...['user-000001', 'user-999999', 'user-1000000', 'user-1000001'],
  ])
})

describe('template names', () => {
  const nameOf = (template: string, seed = 1) => userNamer(userNaming(`template:${template}`, seed))

  it('hold their parts', () => {
    expect(nameOf('买家-{{ index }}@x')(12)).toBe('买家-12@x')
    expect(nameOf('{{random}}')(3)).toBe(userNamer(userNaming('random', 1))(3))
    expect(nameOf('{{uuid}}')(3)).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('are unique whatever the parts', () => {
    for (const template of ['1{{index}}1{{index}}', '{{index}}{{random}}', '{{uuid}}{{index}}']) {
      const names = nameOf(template)
      expect(new Set(Array.from({ length: 20_000 }, (_, i) => names(i))).size).toBe(20_000)
    }
  })

  it.each([
    ['alice', /gives all users one name/],
    ['', /gives all users one name/],
    ['u{{indx}}', /\{\{indx\}\}.*did you mean index\?/],
    ['u{{index}}{{quantity}}', /unknown placeholder \{\{quantity\}\}/],
  ])('%j is refused', (template, message) => expect(() => nameOf(template)).toThrow(message))
})

it('a kind that is none is refused, with the one that was meant', () => {
  expect(() => userNaming('randon', 1)).toThrow('no kind of user names "randon"; did you mean random?')
})

it('given names are given back', () => {
  const nameOf = userNamer({ kind: 'given', names: ['ann', '王伟'] })
  expect([nameOf(1), nameOf(0)]).toEqual(['王伟', 'ann'])
})

it('two seeds make other users', () => {
  for (const kind of ['random', 'zh'] as const) {
    const [first, second] = [userNamer(userNaming(kind, 1)), userNamer(userNaming(kind, 2 ** 32 + 1))]
    const same = Array.from({ length: 1_000 }, (_, i) => first(i) === second(i)).filter(Boolean)
    expect(same.length).toBeLessThan(2)
  }
})
