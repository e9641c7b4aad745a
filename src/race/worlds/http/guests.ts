import type { Shot } from '../../../load/transport.js'

/** Who buys while a shop is explored: each execution has users of its own. */
export interface Guests {
  /** A user name that was never used before. */
  newUser(): string
  /** What stands for a user beside the name, such as a token, by what it is called. */
  secretsOf(user: string): Readonly<Record<string, string>>
  /** A purchase of a user, who has been let in: it finds a session, if the shop wants one. */
  enter(user: string, quantity: number): Promise<Shot>
  /** Takes away what let in the users so far, and says who they were. */
  leave(): Promise<readonly string[]>
}
