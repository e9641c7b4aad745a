import { describe, expect, it } from 'vitest'
import { accessesOf, conflict, LIFETIMES, mortalKeys } from '../../../src/race/independence.js'
import { type AtomicUnit, command, type Reply } from '../../../src/redis/port.js'
import { COUNTER_LUA } from '../../../src/strategies/counter-lua.js'

const touch = (unit: AtomicUnit, reply?: Reply, watched: string[] = []) => accessesOf(unit, watched, reply)
const script = (...keys: string[]): AtomicUnit => ({ kind: 'script', script: COUNTER_LUA, keys, args: [] })
const multi = (...commands: ReturnType<typeof command>[]): AtomicUnit => ({ kind: 'transaction', commands })

describe('two units depend on each other', () => {
  it.each([
    ['reads of one key', touch(command('GET', 'k')), touch(command('GET', 'k')), false, false],
    ['a read and a write', touch(command('LLEN', 'k')), touch(command('LREM', 'k', 1, 1)), true, true],
    ['different keys', touch(command('SET', 'a', 1)), touch(command('SET', 'b', 1)), false, false],
    ['two fields', touch(command('HSET', 'h', 'a', 1)), touch(command('HGET', 'h', 'b')), true, false],
    ['one field', touch(command('HSET', 'h', 'a', 1)), touch(command('HGET', 'h', 'a')), true, true],
    ['two new fields', touch(command('HSET', 'h', 'a', 1)), touch(command('HSET', 'h', 'b', 1)), true, false],
    ['a new field and the size', touch(command('HSET', 'h', 'a', 1)), touch(command('HLEN', 'h')), true, true],
    [
      'increments, whose replies tell the order',
      touch(command('INCRBY', 'k', 1)),
      touch(command('INCRBY', 'k', 1)),
      true,
      true,
    ],
    ['a script and its key', touch(script('a', 'b')), touch(command('GET', 'b')), true, true],
    ['a script and another key', touch(script('a', 'b')), touch(command('SET', 'c', 1)), false, false],
    ['a script without keys and anything', touch(script()), touch(command('GET', 'c')), true, true],
    [
      'an unknown command and anything',
      touch(command('BITOP', 'AND', 'd', 'a')),
      touch(command('GET', 'c')),
      true,
      true,
    ],
    ['a watch and any field of its key', touch(command('WATCH', 'h')), touch(command('HSET', 'h', 'a', 1)), true, true],
    [
      'a failed transaction and a read',
      touch(multi(command('SET', 'k', 1)), null, ['w']),
      touch(command('GET', 'k')),
      false,
      false,
    ],
    ['a transaction and what it watches', touch(multi(), [], ['w']), touch(command('SET', 'w', 1)), true, true],
    [
      'refused attempts at a lock',
      touch(command('SET', 'k', 'a', 'NX', 'PX', 5), null),
      touch(command('SET', 'k', 'b', 'NX', 'PX', 5), null),
      false,
      false,
    ],
    [
      'attempts of which one got it',
      touch(command('SET', 'k', 'a', 'NX', 'PX', 5), 'OK'),
      touch(command('SET', 'k', 'b', 'NX', 'PX', 5), null),
      true,
      true,
    ],
    ['lifetimes of two keys', touch(command('SET', 'a', 1, 'PX', 5)), touch(command('EXPIRE', 'b', 5)), false, false],
    [
      'SET NX GET that found nothing, and so took the key',
      touch(command('SET', 'k', 'a', 'NX', 'GET', 'PX', 5), null),
      touch(command('GET', 'k')),
      true,
      true,
    ],
    [
      'SET NX GET that found another',
      touch(command('SET', 'k', 'a', 'NX', 'GET', 'PX', 5), 'b'),
      touch(command('GET', 'k')),
      false,
      false,
    ],
    [
      'a value that looks like an option',
      touch(command('SET', 'k', 'get'), 'OK'),
      touch(command('GET', 'k')),
      true,
      true,
    ],
    ['a name in small letters', touch(command('get', 'k')), touch(command('get', 'k')), false, false],
    ['keys and values of MSET', touch(command('MSET', 'a', 'b', 'c', 1)), touch(command('GET', 'b')), false, false],
  ] as const)('%s', (_, a, b, byKey, byField) => {
    expect(conflict(a, b, 'key')).toBe(byKey)
    expect(conflict(b, a, 'key')).toBe(byKey)
    expect(conflict(a, b, 'field')).toBe(byField)
    expect(conflict(b, a, 'field')).toBe(byField)
    expect(conflict(a, b, 'none')).toBe(true)
  })
})

it.each([
  [command('SET', 'k', 1, 'PX', 5), ['k']],
  [command('set', 'k', 1, 'ex', 5), ['k']],
  [command('SET', 'k', 'px'), []],
  [command('EXPIREAT', 'k', 5), ['k']],
  [command('PEXPIREAT', 'k', 5), ['k']],
  [command('SETEX', 'k', 5, 1), ['k']],
  [command('PSETEX', 'k', 5, 1), ['k']],
  [command('GETEX', 'k', 'EX', 5), ['k']],
  [command('EVAL', 'return 1', 1, 'k', 'x'), ['k']],
  [command('JSON.SET', 'k', '$', 1), ['k']],
  [multi(command('SETNX', 'k', 1), command('EXPIRE', 'k', 5)), ['k']],
  [script('a', 'b'), ['a', 'b']],
  [command('DECRBY', 'k', 1), []],
] as const)('%j may give these a lifetime: %j, and shows it', (unit, keys) => {
  expect(mortalKeys(unit)).toEqual(keys)
  const expiry = [{ key: LIFETIMES, part: '*', mode: 'r' }] as const
  expect(conflict(touch(unit), expiry, 'field')).toBe(keys.length > 0)
})
