/**
 * A run log: one line of JSON (the header), then chunks. A chunk is a tag of four letters, the payload's length, the
 * CRC-32 of tag, length and payload (both numbers little-endian, 4 bytes), the payload. `ATTS` holds records of 32 bytes, `NAMS`, `GRPS` and `DONE` hold JSON.
 * Whoever reads stops at the first chunk that is cut or does not match its checksum.
 */
export const CHUNK_HEADER = 12
/** The part of it that the checksum covers. */
export const CHECKED_HEADER = 8
export const RECORD_SIZE = 32
export const RECORDS_PER_CHUNK = 2_048

/** Given names beyond this many stand in chunks of as many each, and none of them in the header. */
export const NAMES_PER_CHUNK = 10_000

/** Of a decision; as many to a chunk as there are records in one of attempts. */
export const DECISION_SIZE = 16

export const TAGS = { names: 'NAMS', attempts: 'ATTS', decisions: 'DECS', groups: 'GRPS', done: 'DONE' } as const

/** Byte offsets in a decision, since version 3. It stands behind its attempt, which `userIndex` and `copy` name. */
export const DECISION_FIELD = {
  decidedAtUs: 0, // f64, since the start of the run
  userIndex: 8, // u32
  outcome: 12, // u8
  copy: 13, // u8, 2 bytes left
} as const

/** Byte offsets in a record; times in µs, `lag`, `service` and `connect` saturate at 2^32-1 (71 minutes). */
export const FIELD = {
  intendedAtUs: 0, // f64
  userIndex: 8, // u32
  lagUs: 12, // u32
  serviceUs: 16, // u32
  quantity: 20, // u16
  status: 22, // u16
  group: 24, // u16
  outcome: 26, // u8
  copy: 27, // u8
  connectUs: 28, // u32, since version 2
} as const
