const PLAIN_NAME = /^[A-Za-z0-9_.-]+$/

/** The ticket of a user who can have one order only. Names may hold anything, a ticket stands in paths and keys. */
export const ticketOfUser = (user: string): string =>
  PLAIN_NAME.test(user) ? `order-${user}` : `order~${Buffer.from(user).toString('base64url')}`

/** Whether a text could be a ticket: in a key it names an order, and nothing that lies beside one. */
export const isTicket = (text: string): boolean => /^order[-~][A-Za-z0-9_.-]+$/.test(text)

/** Whose ticket it is; null where {@link ticketOfUser} made no such ticket. */
export const userOfTicket = (ticket: string): string | null => {
  const user = ticket.startsWith('order~')
    ? Buffer.from(ticket.slice('order~'.length), 'base64url').toString()
    : ticket.replace(/^order-/, '')
  return ticketOfUser(user) === ticket ? user : null
}
