import { expect, it } from 'vitest'
import { Gate } from '../../../src/race/worlds/http/gate.js'
import { kindOf } from '../../../src/redis/proxied-command.js'
import type { Passage } from '../../../src/redis/proxy-connection.js'

const passageOf = (connection: number, name: string, ...args: string[]): Passage => ({
  ...{ connection, name, args, frame: Buffer.from(name), kind: kindOf(name, args), isQueued: false, queued: [] },
})

/** A shut gate, and whether it holds what comes. */
const shut = () => {
  const gate = new Gate()
  gate.shut()
  const holds = (connection: number, name: string, ...args: string[]): boolean => {
    const passage = passageOf(connection, name, ...args)
    gate.hooks.arrived?.(passage)
    return gate.hooks.hold?.(passage) != null
  }
  return { gate, holds }
}

it('a shut gate holds steps, and what reads the meta of a sale of ours is none', () => {
  const { gate, holds } = shut()
  expect(holds(1, 'GET', 'goods_a')).toBe(true)
  expect(holds(1, 'HGETALL', 'seckill:{a}:meta')).toBe(false)
  expect(holds(1, 'HSET', 'seckill:{a}:meta', 'x', '1')).toBe(true)
  expect(gate.held.map(({ passage }) => passage.name)).toEqual(['GET', 'HSET'])
})

it('whoever reads the meta asks for the types of its keys, too: of others that is a step', () => {
  const { holds } = shut()
  expect(holds(1, 'TYPE', 'goods_a')).toBe(true)
  holds(1, 'HGETALL', 'seckill:{a}:meta')
  expect(holds(1, 'TYPE', 'goods_a')).toBe(false)
  expect(holds(2, 'TYPE', 'goods_a')).toBe(true)
})
