import { type RecordsReader, sizeBy } from './reader.js'

const PAGE = 1_000

type Entry = readonly [id: string, fields: readonly string[]]

const fieldOf = ([, fields]: Entry, name: string): string | undefined => {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1]
  return undefined
}

/** A stream with one entry an order. An entry without the field is shown whole. */
export const streamRecords: RecordsReader = {
  scans: false,
  size: sizeBy('XLEN'),
  async *pages(redis, { key, user, quantity }) {
    const pageFrom = (start: string) => redis.call('XRANGE', key, start, '+', 'COUNT', PAGE) as Promise<Entry[]>
    for (let pending = pageFrom('-'); ; ) {
      const page = await pending
      const last = page.at(-1)
      if (last !== undefined && page.length === PAGE) pending = pageFrom(`(${last[0]}`)
      pending.catch(() => {})
      const field = (name: string | null) =>
        page.map((entry) => (name === null ? '' : (fieldOf(entry, name) ?? JSON.stringify(entry[1]))))
      yield { names: field(user), values: field(quantity) }
      if (page.length < PAGE) return
    }
  },
}
