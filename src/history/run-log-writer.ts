import { closeSync, mkdirSync, openSync, type Stats, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { messageOf, SeckillError, systemCodeOf } from '../errors.js'
import { say } from '../language/say.js'
import { outcomeCode } from '../sale/outcome.js'
import type { AnswerGroup, Attempt, Decision } from './attempt.js'
import type { RunFooter, RunHeader } from './run.js'
import {
  CHECKED_HEADER,
  CHUNK_HEADER,
  DECISION_FIELD,
  DECISION_SIZE,
  FIELD,
  NAMES_PER_CHUNK,
  RECORD_SIZE,
  RECORDS_PER_CHUNK,
  TAGS,
} from './run-log-format.js'

const MAX_U32 = 0xffffffff

/**
 * Writes a run log as the run goes on. Bounded memory: one chunk. Writes are synchronous, so that what was flushed survives
 * a crash of this process. Every method may throw a SeckillError `disk`; what was written before stays readable.
 */
export class RunLogWriter {
  readonly path: string
  readonly #fd: number
  readonly #chunk = Buffer.alloc(CHUNK_HEADER + RECORD_SIZE * RECORDS_PER_CHUNK)
  readonly #view = new DataView(this.#chunk.buffer, this.#chunk.byteOffset)
  #records = 0

  /** Creates the file and writes the header. An existing file is never overwritten; a device or a pipe is written to. */
  constructor(path: string, header: RunHeader) {
    this.path = path
    this.#fd = create(path)
    try {
      this.#header(header)
    } catch (error) {
      closeSync(this.#fd)
      throw error
    }
  }

  append(attempt: Attempt): void {
    const view = this.#view
    const at = CHUNK_HEADER + this.#records * RECORD_SIZE
    view.setFloat64(at + FIELD.intendedAtUs, attempt.intendedAtUs, true)
    view.setUint32(at + FIELD.userIndex, attempt.userIndex, true)
    view.setUint32(at + FIELD.lagUs, Math.min(MAX_U32, attempt.sentAtUs - attempt.intendedAtUs), true)
    view.setUint32(at + FIELD.serviceUs, Math.min(MAX_U32, attempt.doneAtUs - attempt.sentAtUs), true)
    view.setUint16(at + FIELD.quantity, attempt.quantity, true)
    view.setUint16(at + FIELD.status, attempt.status, true)
    view.setUint16(at + FIELD.group, attempt.group, true)
    view.setUint8(at + FIELD.outcome, outcomeCode(attempt.outcome))
    view.setUint8(at + FIELD.copy, attempt.copy)
    view.setUint32(at + FIELD.connectUs, Math.min(MAX_U32, attempt.connectUs), true)
    if (++this.#records === RECORDS_PER_CHUNK) this.flush()
  }

  /** Writes what queued attempts came to; each of them has to be appended before. */
  decisions(decisions: readonly Decision[]): void {
    for (let first = 0; first < decisions.length; first += RECORDS_PER_CHUNK) {
      this.flush()
      this.#payload(TAGS.decisions, packDecisions(decisions.slice(first, first + RECORDS_PER_CHUNK)))
    }
  }

  groups(groups: readonly AnswerGroup[]): void {
    if (groups.length > 0) this.#json(TAGS.groups, groups)
  }

  /** Hands the gathered attempts to the operating system. */
  flush(): void {
    if (this.#records === 0) return
    const length = this.#records * RECORD_SIZE
    this.#records = 0
    this.#head(this.#chunk, TAGS.attempts, this.#chunk.subarray(CHUNK_HEADER, CHUNK_HEADER + length))
    this.#write(this.#chunk.subarray(0, CHUNK_HEADER + length))
  }

  /** Writes the footer and closes the file. */
  close(footer: RunFooter): void {
    try {
      this.flush()
      this.#json(TAGS.done, footer)
    } finally {
      closeSync(this.#fd)
    }
  }

  /** Closes without a footer: readers will call the log incomplete. */
  abandon(): void {
    closeSync(this.#fd)
  }

  /** Whoever looks for the runs of a sale reads the first line only: it stays short. */
  #header(header: RunHeader): void {
    const { users } = header
    const names = users.kind === 'given' && users.names.length > NAMES_PER_CHUNK ? users.names : []
    const first = names.length > 0 ? { ...header, users: { ...users, names: [] } } : header
    this.#write(Buffer.from(`${JSON.stringify(first)}\n`))
    for (let at = 0; at < names.length; at += NAMES_PER_CHUNK) {
      this.#json(TAGS.names, names.slice(at, at + NAMES_PER_CHUNK))
    }
  }

  #json(tag: string, value: unknown): void {
    this.#payload(tag, Buffer.from(JSON.stringify(value)))
  }

  #payload(tag: string, payload: Buffer): void {
    const head = Buffer.alloc(CHUNK_HEADER)
    this.#head(head, tag, payload)
    this.#write(Buffer.concat([head, payload]))
  }

  #head(target: Buffer, tag: string, payload: Buffer): void {
    target.write(tag, 0, 'latin1')
    target.writeUInt32LE(payload.length, 4)
    target.writeUInt32LE(crc32(payload, crc32(target.subarray(0, CHECKED_HEADER))), CHECKED_HEADER)
  }

  #write(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done)
    } catch (error) {
      throw diskError(this.path, error)
    }
  }
}

const packDecisions = (decisions: readonly Decision[]): Buffer => {
  const payload = Buffer.alloc(decisions.length * DECISION_SIZE)
  decisions.forEach(({ userIndex, copy, outcome, decidedAtUs }, i) => {
    const at = i * DECISION_SIZE
    payload.writeDoubleLE(decidedAtUs, at + DECISION_FIELD.decidedAtUs)
    payload.writeUInt32LE(userIndex, at + DECISION_FIELD.userIndex)
    payload.writeUInt8(outcomeCode(outcome), at + DECISION_FIELD.outcome)
    payload.writeUInt8(copy, at + DECISION_FIELD.copy)
  })
  return payload
}

/** Errors: refused_overwrite, where a file lies at the place of a run log. What is no file (a pipe, a device) is written to. */
export const requireFreeLog = (path: string): Stats | undefined => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isFile())
    throw new SeckillError('refused_overwrite', say`${path} exists already`, say`name another file with --out`)
  return found
}

const create = (path: string): number => {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const found = requireFreeLog(path)
    return openSync(path, found === undefined ? 'wx' : 'w')
  } catch (error) {
    throw error instanceof SeckillError ? error : diskError(path, error)
  }
}

const diskError = (path: string, error: unknown): SeckillError => {
  const full = systemCodeOf(error) === 'ENOSPC'
  const message = full
    ? say`no space left for the run log ${path}`
    : say`cannot write the run log ${path}: ${messageOf(error)}`
  return new SeckillError(
    'disk',
    message,
    full ? say`free some space, or name another place with --out` : undefined,
    error,
  )
}
