import type { RedisPort } from '../../../redis/port.js'
import type { RecordsPlace } from '../../../sale/layout.js'

/** Records as they stand, one at each position. */
export interface Page {
  /** What holds the user: a hash field, an element, a member; null where a record has nothing that could. */
  readonly names: readonly (string | null)[]
  /** What holds the units. */
  readonly values: readonly string[]
  /** What tells records apart where a scan may show one twice; absent: the names do. */
  readonly ids?: readonly string[]
}

/** Reads one kind of record, in pages, none of which takes a server long. */
export interface RecordsReader {
  /** SCAN and its kin may show a record twice. */
  readonly scans: boolean
  pages(redis: RedisPort, place: RecordsPlace): AsyncIterable<Page>
  /** The number of records, by one cheap command; absent where there is none. */
  size?(redis: RedisPort, place: RecordsPlace): Promise<number>
  /** One user's record as it stands, null without one; absent where it cannot be looked up. */
  find?(redis: RedisPort, place: RecordsPlace, user: string): Promise<string | null>
}

/** Redis looks for the next page while we take this one in. */
export async function* scanPages<Item>(
  scan: (cursor: string) => Promise<readonly [string, Item]>,
): AsyncGenerator<Item> {
  for (let pending: Promise<readonly [string, Item]> | null = scan('0'); pending !== null; ) {
    const [next, page]: readonly [string, Item] = await pending
    pending = next === '0' ? null : scan(next)
    // Whoever stops reading leaves one page under way: its failure is nobody's business.
    pending?.catch(() => {})
    yield page
  }
}

export const evenOnes = (flat: readonly string[]): string[] => flat.filter((_, i) => i % 2 === 0)
export const oddOnes = (flat: readonly string[]): string[] => flat.filter((_, i) => i % 2 === 1)

export const sizeBy =
  (command: string) =>
  async (redis: RedisPort, { key }: RecordsPlace): Promise<number> =>
    Number(await redis.call(command, key))
