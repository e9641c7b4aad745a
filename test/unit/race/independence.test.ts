import { describe, expect, it } from 'vitest'
import { accessesOf, conflict } from '../../../src/race/independence.js'
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
  ] as const)('%s', (_, a, b, byKey, byField) => {
    expect(conflict(a, b, 'key')).toBe(byKey)
    expect(conflict(b, a, 'key')).toBe(byKey)
    expect(conflict(a, b, 'field')).toBe(byField)
    expect(conflict(b, a, 'field')).toBe(byField)
    expect(conflict(a, b, 'none')).toBe(true)
  })
})
