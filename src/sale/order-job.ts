/**
 * The id of an order's job. A ticket names its order within one seeding of the sale: the same user's order of an earlier one
 * must not stand in its way. Where the ticket is unique by itself, as that of a single click, nobody names the seeding.
 */
export const jobIdOf = (ticket: string, seeding: string | undefined): string =>
  seeding === undefined ? ticket : `${ticket}@${seeding}`

/** The ticket and, where its id names one, the seeding of a job. */
export const ticketOfJob = (id: string): { readonly ticket: string; readonly seeding: string | null } => {
  const at = id.lastIndexOf('@')
  return at < 0 ? { ticket: id, seeding: null } : { ticket: id.slice(0, at), seeding: id.slice(at + 1) }
}
