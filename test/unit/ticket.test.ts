import { describe, expect, it } from 'vitest'
import { ticketOfUser, userOfTicket } from '../../src/strategies/ticket.js'
import { fc } from '../helpers/fc.js'

describe('a ticket', () => {
  it.each([
    ['alice', 'order-alice'],
    ['1', 'order-1'],
    ['-1', 'order--1'],
    ['', 'order~'],
    ['王伟', 'order~546L5Lyf'],
    ['a:b', 'order~YTpi'],
    ['a/../b?c', 'order~YS8uLi9iP2M'],
  ])('of %j is %s', (user, ticket) => expect(ticketOfUser(user)).toBe(ticket))

  it('is another one for every user, says whose it is, and fits into a path and a job id', () => {
    const user = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[-~a-z0-9_.]{0,9}$/))
    fc.assert(
      fc.property(user, (name) => {
        const ticket = ticketOfUser(name)
        expect(ticket).toMatch(/^order[-~][A-Za-z0-9_.-]*$/)
        expect(userOfTicket(ticket)).toBe(name)
      }),
    )
  })

  it.each(['', 'order', 'alice', 'order-a b', 'order-', 'order~!', 'order~YTpi=', 'order~YQ', 'order-order~'])(
    'nobody has: %j',
    (ticket) => expect(userOfTicket(ticket)).toBeNull(),
  )
})
