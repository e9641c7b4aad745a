/** Who buys while a shop is explored: each execution has users of its own. */
export interface Guests {
  /** A user name that was never used before. */
  newUser(): string
  /** What stands for a user beside the name, such as a token, by what it is called. */
  secretsOf(user: string): Readonly<Record<string, string>>
  /** Takes away what let in the users so far, and says who they were. */
  leave(): Promise<readonly string[]>
}
