import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { messageOf, SeckillError } from '../errors.js'
import type { AnswerGroup } from './attempt.js'
import { AttemptTable } from './attempt-table.js'
import { RUN_FORMAT, RUN_VERSION, type Run, type RunFooter, type RunHeader } from './run.js'
import { CHECKED_HEADER, CHUNK_HEADER, FIELD, RECORD_SIZE, TAGS } from './run-log-format.js'

const MAX_HEADER = 16 * 1024 * 1024

/**
 * Reads a run log; a log that ends early is read as far as it goes (its footer is null). Errors: run_log, for a file that
 * is none or of a newer version. Two passes: sizes first, then values into columns of that size.
 */
export const readRunLog = (path: string): Run => {
  return withFile(path, (file) => {
    const { header, end } = readHeader(path, file)
    const chunks = [...chunksOf(file, end)]
    const records = chunks.reduce((sum, { tag, length }) => sum + (tag === TAGS.attempts ? length / RECORD_SIZE : 0), 0)
    return { path, header, ...readChunks(file, chunks, records) }
  })
}

/** Only the header: enough to find the runs of a sale. */
export const readRunHeader = (path: string): RunHeader => withFile(path, (file) => readHeader(path, file).header)

interface Chunk {
  readonly tag: string
  readonly at: number
  readonly length: number
  /** Checksum of tag and length, to be continued over the payload. */
  readonly headCrc: number
  readonly crc: number
}

function* chunksOf(file: number, start: number): Generator<Chunk> {
  const head = Buffer.alloc(CHUNK_HEADER)
  const { size } = fstatSync(file)
  for (let at = start; readSync(file, head, 0, CHUNK_HEADER, at) === CHUNK_HEADER; ) {
    const length = head.readUInt32LE(4)
    // A crash cut this chunk, or is about to complete it: the run still goes on.
    if (at + CHUNK_HEADER + length > size) return
    const headCrc = crc32(head.subarray(0, CHECKED_HEADER))
    yield {
      tag: head.toString('latin1', 0, 4),
      at: at + CHUNK_HEADER,
      length,
      headCrc,
      crc: head.readUInt32LE(CHECKED_HEADER),
    }
    at += CHUNK_HEADER + length
  }
}

const readChunks = (file: number, chunks: readonly Chunk[], records: number): Omit<Run, 'path' | 'header'> => {
  const table = new AttemptTable(Math.floor(records))
  const groups: AnswerGroup[] = []
  let footer: RunFooter | null = null
  let rows = 0
  for (const { tag, at, length, headCrc, crc } of chunks) {
    const payload = Buffer.allocUnsafe(length)
    if (readSync(file, payload, 0, length, at) < length || crc32(payload, headCrc) !== crc) break
    if (tag === TAGS.attempts) rows = fill(table, rows, payload)
    else if (tag === TAGS.groups) groups.push(...(JSON.parse(payload.toString()) as AnswerGroup[]))
    else if (tag === TAGS.done) footer = JSON.parse(payload.toString()) as RunFooter
  }
  return { attempts: rows === table.length ? table : table.head(rows), groups, footer }
}

const fill = (table: AttemptTable, start: number, payload: Buffer): number => {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
  let row = start
  for (let at = 0; at + RECORD_SIZE <= payload.length; at += RECORD_SIZE, row++) {
    table.intendedAtUs[row] = view.getFloat64(at + FIELD.intendedAtUs, true)
    table.userIndex[row] = view.getUint32(at + FIELD.userIndex, true)
    table.lagUs[row] = view.getUint32(at + FIELD.lagUs, true)
    table.serviceUs[row] = view.getUint32(at + FIELD.serviceUs, true)
    table.quantity[row] = view.getUint16(at + FIELD.quantity, true)
    table.status[row] = view.getUint16(at + FIELD.status, true)
    table.group[row] = view.getUint16(at + FIELD.group, true)
    table.outcome[row] = view.getUint8(at + FIELD.outcome)
    table.copy[row] = view.getUint8(at + FIELD.copy)
  }
  return row
}

const withFile = <T>(path: string, read: (file: number) => T): T => {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    return read(file)
  } catch (error) {
    if (error instanceof SeckillError) throw error
    throw new SeckillError('run_log', `cannot read the run log ${path}: ${messageOf(error)}`, 'see .seckill/runs')
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const readHeader = (path: string, file: number): { header: RunHeader; end: number } => {
  const piece = Buffer.alloc(64 * 1024)
  const pieces: Buffer[] = []
  for (let at = 0; at < MAX_HEADER; ) {
    const read = readSync(file, piece, 0, piece.length, at)
    const newline = piece.subarray(0, read).indexOf(10)
    pieces.push(Buffer.from(piece.subarray(0, newline === -1 ? read : newline)))
    if (newline !== -1) return { header: parseHeader(path, Buffer.concat(pieces).toString()), end: at + newline + 1 }
    if (read === 0 || (at === 0 && piece[0] !== 0x7b)) break
    at += read
  }
  throw notARunLog(path)
}

const parseHeader = (path: string, text: string): RunHeader => {
  const header = parseJson(text) as RunHeader | undefined
  if (header?.format !== RUN_FORMAT || !(Number.isInteger(header.version) && header.version >= 1))
    throw notARunLog(path)
  if (header.version > RUN_VERSION) {
    throw new SeckillError(
      'run_log',
      `${path} was written by a newer seckill (run log version ${header.version})`,
      'upgrade seckill',
    )
  }
  return header
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const notARunLog = (path: string): SeckillError =>
  new SeckillError(
    'run_log',
    `${path} is not a run log, or it is cut in its first line`,
    'run logs lie in .seckill/runs',
  )
