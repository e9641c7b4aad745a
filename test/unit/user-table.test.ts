import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import { parseUserTable } from '../../src/sale/user-table.js'

const read = (text: string) => parseUserTable(text, 'users.csv')

const failure = (text: string): string => {
  try {
    read(text)
  } catch (error) {
    if (error instanceof SeckillError) return error.message
  }
  throw new Error('accepted')
}

describe('a file of users', () => {
  it('has columns by the names of its first line', () => {
    expect(read('phone,User,city\n139,ann,北京\n138,bob,\n')).toEqual({
      names: ['ann', 'bob'],
      columns: { phone: ['139', '138'], User: ['ann', 'bob'], city: ['北京', ''] },
    })
  })

  it('may be a bare list', () => {
    expect(read('ann\nbob')).toEqual({ names: ['ann', 'bob'], columns: { user: ['ann', 'bob'] } })
    expect(read('username\nann').names).toEqual(['ann'])
  })

  it('may have quotes, line breaks in them, a BOM, CRLF and empty lines', () => {
    const text = '\ufeffuser,say\r\n"ann, b","he said ""hi""\r\nand left"\r\n\r\nbob,\r\n'
    expect(read(text)).toMatchObject({
      names: ['ann, b', 'bob'],
      columns: { say: ['he said "hi"\r\nand left', ''] },
    })
  })

  it.each([
    ['', /users\.csv names no users/],
    ['user,phone\n', /names columns, but no users/],
    ['user,phone\nann,1\nbob\n', /^users\.csv:3 has 1 of 2 columns$/],
    ['user,phone\nann,1\n\n"bo\nb",2\ncid,1,2\n', /^users\.csv:6 has 3 of 2 columns$/],
    ['user\nann,1\n', /^users\.csv:2 has 2 of 1 column$/],
    ['name,phone\nann,1\n', /^users\.csv:1 names no column user or username$/],
    ['user,phone,phone\nann,1,2\n', /^users\.csv:1 names column phone twice$/],
    ['user,my phone\nann,1\n', /^users\.csv:1 names a column "my phone"$/],
    ['user,phone\nann,1\nbob,2\nann,3\n', /^users\.csv:4 names "ann", as line 2 does$/],
    ['user,phone\n,1\n', /^users\.csv:2 names no user$/],
    ['user\n"ann\nbob\n', /^users\.csv:2 has a quote out of place$/],
    ['user\nan"n\n', /^users\.csv:2 has a quote out of place$/],
  ])('%j is refused', (text, message) => expect(failure(text)).toMatch(message))
})
