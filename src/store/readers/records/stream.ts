import { type RecordsReader, sizeBy } from './reader.js'

const PAGE = 1_000

type Entry = readonly [id: string, fields: readonly string[]]

const shown = ([, fields]: Entry): string => JSON.stringify(fields)

const fieldOf = ([, fields]: Entry, name: string | null): string | undefined => {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1]
  return undefined
}

/** A stream with one entry an order. An entry without a field is shown whole. */
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
      const names = page.map((entry) => fieldOf(entry, user) ?? null)
      const values = page.map((entry, i) => (names[i] === null ? undefined : fieldOf(entry, quantity)) ?? shown(entry))
      yield { names, values }
      if (page.length < PAGE) return
    }
  },
}
