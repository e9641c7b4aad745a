import { expect, it } from 'vitest'
import { sameReply } from '../../../src/race/worlds/effects.js'
import { Names } from '../../../src/race/worlds/http/names.js'

const namesOf = (secretsOf: (user: string) => Record<string, string>) => {
  let users = 4_827_364_520
  return new Names(['alice', 'alice', 'bob'], { newUser: () => String(++users), secretsOf })
}

it('users and what else stands for them have names that people read, both ways', () => {
  const names = namesOf((user) => ({ token: `${user}-t` }))
  expect(names.real('alice')).toBe('4827364521')
  expect(names.shown('HGETALL login:4827364522-t')).toBe('HGETALL login:bob-token')
  expect(names.shown('{"id":4827364521,"next":4827364522}')).toBe('{"id":alice,"next":bob}')
  expect(names.realIn('login:alice-token')).toBe('login:4827364521-t')
  expect(names.realIn('order:bob')).toBe('order:4827364522')
  expect(names.realIn('stock')).toBe('stock')
})

it.each([
  ['an id of a stream', '1795696215290-0', '1795696215248-1', true],
  ['a time', ['at', '2026-11-11T20:00:00.123Z'], ['at', '2026-11-11T20:00:01Z'], true],
  ['a random token', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', '00000000-0000-4000-8000-000000000000', true],
  ['a count', 5, 6, false],
  ['units', '120', '121', false],
  ['another user', ['id', 'alice'], ['id', 'bob'], false],
  ['another shape', null, '1795696215290-0', false],
] as const)('%s is the same reply: %j and %j', (_, a, b, same) => {
  expect(sameReply(a, b)).toBe(same)
})
