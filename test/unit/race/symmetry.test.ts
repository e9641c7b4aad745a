import { expect, it } from 'vitest'
import type { Step } from '../../../src/race/events.js'
import { interchangeable } from '../../../src/race/explorers/symmetry.js'
import { accessesOf } from '../../../src/race/independence.js'
import { type Command, command, type Reply } from '../../../src/redis/port.js'

const actors = [
  { name: 'alice', alike: '1', marks: ['alice'] },
  { name: 'bob', alike: '1', marks: ['bob'] },
  { name: 'carol', alike: '2', marks: ['carol'] },
  { name: 'expiry', alike: null, marks: [] },
]

const step = (actor: number, event: Command, reply: Reply, more: Partial<Step> = {}): Step => ({
  ...{ actor, event, reply, accesses: accessesOf(event, [], reply), first: true, last: false, stock: 1 },
  ...more,
})

const look = (actor: number, reply: Reply = null) => step(actor, command('GET', 'goods'), reply)
const claim = (actor: number) => step(actor, command('HSETNX', 'users', actors[actor]?.name ?? '', 1), 1)
const others = step(2, command('DECRBY', 'goods', 2), 1, { last: true })

it.each([
  ['nobody has done anything', [], [0, 1], true],
  ['they ask for different quantities', [], [0, 2], false],
  ['one of them is no buyer', [], [3, 3], false],
  ['both were told the same', [look(0, '5'), look(1, '5')], [0, 1], true],
  ['they were told different things', [look(0, '5'), look(1, '4')], [0, 1], false],
  ['one is a step ahead', [look(0, '5')], [0, 1], false],
  ['both wrote their names', [claim(0), claim(1)], [0, 1], false],
  ['somebody got an answer between their requests', [look(0), others, look(1)], [0, 1], false],
  ['somebody got an answer before', [others, look(0), look(1)], [0, 1], true],
  ['somebody got an answer after', [look(0), look(1), others], [0, 1], true],
] as const)('%s', (_, steps, [a, b], expected) => expect(interchangeable({ actors }, steps, a, b)).toBe(expected))
