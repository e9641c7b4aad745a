import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'
import type { AnswerGroup } from './attempt.js'
import { AttemptTable } from './attempt-table.js'
import { DecisionTable } from './decision-table.js'
import { RUN_FORMAT, RUN_VERSION, type Run, type RunFooter, type RunHeader, type RunMeta } from './run.js'
import { isRunHeader } from './run-header.js'
import {
  CHECKED_HEADER,
  CHUNK_HEADER,
  DECISION_FIELD,
  DECISION_SIZE,
  FIELD,
  RECORD_SIZE,
  TAGS,
} from './run-log-format.js'

const MAX_HEADER = 16 * 1024 * 1024

/**
 * Reads a run log; a log that ends early is read as far as it goes (its footer is null). Errors: run_log, for a file that
 * is none or of a newer version.
 */
export const readRunLog = (path: string): Run =>
  withFile(path, (file) => {
    const { header, end } = readHeader(path, file)
    const table = new AttemptTable(most(RECORD_SIZE, file, end))
    let rows = 0
    const meta = readChunks(file, end, (payload) => {
      rows = fill(table, rows, payload)
    })
    const attempts = rows === table.length ? table : table.head(rows)
    return { path, ...meta, header: withNames(header, meta.names), attempts }
  })

/** Only the header: enough to find the runs of a sale. Many given names may be missing from it. */
export const readRunHeader = (path: string): RunHeader => withFile(path, (file) => readHeader(path, file).header)

/** All but the attempts, in bounded memory. Errors as {@link readRunLog}. */
export const readRunMeta = (path: string): RunMeta & { readonly attempts: number } =>
  withFile(path, (file) => {
    const { header, end } = readHeader(path, file)
    let attempts = 0
    const meta = readChunks(file, end, (payload) => {
      attempts += Math.floor(payload.length / RECORD_SIZE)
    })
    return { path, ...meta, header: withNames(header, meta.names), attempts }
  })

/** The attempts a chunk at a time, in bounded memory. Errors as {@link readRunLog}. */
export function* attemptBatches(path: string): Generator<AttemptTable> {
  const file = openSync(path, 'r')
  try {
    for (const { tag, payload } of chunksOf(file, readHeader(path, file).end)) {
      if (tag !== TAGS.attempts) continue
      const table = new AttemptTable(Math.floor(payload.length / RECORD_SIZE))
      fill(table, 0, payload)
      yield table
    }
  } finally {
    closeSync(file)
  }
}

interface Chunk {
  readonly tag: string
  readonly payload: Buffer
  /** Offset behind it. */
  readonly end: number
}

/** The chunks up to the first that is cut or does not match its checksum. */
function* chunksOf(file: number, start: number): Generator<Chunk> {
  const head = Buffer.alloc(CHUNK_HEADER)
  const { size } = fstatSync(file)
  for (let at = start; readSync(file, head, 0, CHUNK_HEADER, at) === CHUNK_HEADER; ) {
    const length = head.readUInt32LE(4)
    const end = at + CHUNK_HEADER + length
    // A crash cut this chunk, or is about to complete it: the run still goes on.
    if (end > size) return
    const payload = Buffer.allocUnsafe(length)
    if (readSync(file, payload, 0, length, at + CHUNK_HEADER) < length) return
    if (crc32(payload, crc32(head.subarray(0, CHECKED_HEADER))) !== head.readUInt32LE(CHECKED_HEADER)) return
    yield { tag: head.toString('latin1', 0, 4), payload, end }
    at = end
  }
}

const readChunks = (file: number, start: number, attempts: (payload: Buffer) => void) => {
  const names: string[] = []
  const groups: AnswerGroup[] = []
  let decisions = new DecisionTable(0)
  let decided = 0
  let footer: RunFooter | null = null
  let whole = start
  for (const { tag, payload, end } of chunksOf(file, start)) {
    const begin = whole
    whole = end
    if (tag === TAGS.attempts) attempts(payload)
    else if (tag === TAGS.names) for (const name of JSON.parse(payload.toString()) as string[]) names.push(name)
    else if (tag === TAGS.decisions) {
      if (decided === 0) decisions = new DecisionTable(most(DECISION_SIZE, file, begin))
      decided = fillDecisions(decisions, decided, payload)
    } else if (tag === TAGS.groups) groups.push(...(JSON.parse(payload.toString()) as AnswerGroup[]))
    else if (tag === TAGS.done) footer = JSON.parse(payload.toString()) as RunFooter
  }
  return { names, groups, decisions: decisions.head(decided), footer, tornBytes: fstatSync(file).size - whole }
}

const fillDecisions = (table: DecisionTable, start: number, payload: Buffer): number => {
  let row = start
  for (let at = 0; at + DECISION_SIZE <= payload.length; at += DECISION_SIZE, row++) {
    table.decidedAtUs[row] = payload.readDoubleLE(at + DECISION_FIELD.decidedAtUs)
    table.userIndex[row] = payload.readUInt32LE(at + DECISION_FIELD.userIndex)
    table.outcome[row] = payload.readUInt8(at + DECISION_FIELD.outcome)
    table.copy[row] = payload.readUInt8(at + DECISION_FIELD.copy)
  }
  return row
}

/** More than there can be of a size: checksums are looked at later, and memory is used once it is written to. */
const most = (size: number, file: number, start: number): number => Math.floor((fstatSync(file).size - start) / size)

const withNames = (header: RunHeader, names: readonly string[]): RunHeader =>
  names.length === 0 ? header : { ...header, users: { ...header.users, kind: 'given', names } }

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
    table.connectUs[row] = view.getUint32(at + FIELD.connectUs, true)
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
    if (systemCodeOf(error) === 'ENOENT')
      throw new SeckillError('run_log', say`there is no run log at ${path}`, say`see .seckill/runs`, error)
    throw new SeckillError('run_log', say`cannot read the run log ${path}: ${messageOf(error)}`, say`see .seckill/runs`)
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
  const header = parseJson(text)
  const { format, version } = (header ?? {}) as Partial<RunHeader>
  if (format === RUN_FORMAT && Number(version) > RUN_VERSION) {
    throw new SeckillError(
      'run_log',
      say`${path} was written by a newer seckill (run log version ${version})`,
      say`upgrade seckill`,
    )
  }
  if (isRunHeader(header)) return header
  if (format !== RUN_FORMAT) throw notARunLog(path)
  throw new SeckillError(
    'run_log',
    say`${path} is not a run log: its first line lacks what every run log has, or holds something else there`,
    say`docs/run-log.md says what belongs there`,
  )
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
    say`${path} is not a run log, or it is cut in its first line`,
    say`run logs lie in .seckill/runs`,
  )
