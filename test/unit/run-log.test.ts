import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SeckillError } from '../../src/errors.js'
import type { AnswerGroup, Attempt } from '../../src/history/attempt.js'
import { decided } from '../../src/history/decided.js'
import { RUN_FORMAT, RUN_VERSION, type RunFooter, type RunHeader } from '../../src/history/run.js'
import { NAMES_PER_CHUNK } from '../../src/history/run-log-format.js'
import { attemptBatches, readRunHeader, readRunLog, readRunMeta } from '../../src/history/run-log-reader.js'
import { RunLogWriter } from '../../src/history/run-log-writer.js'
import {
  belongs,
  findRunLogs,
  listRuns,
  newRunId,
  pruneRuns,
  removedRunsOf,
  runsOfSeeding,
} from '../../src/history/runs-folder.js'

const root = mkdtempSync(join(tmpdir(), 'seckill-log-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let files = 0
const freshPath = (): string => join(root, `${++files}.run`)

const header = (wish: Partial<RunHeader> = {}): RunHeader => ({
  ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: 'r', command: 'blast', startedAt: '2026-11-11T12:00:00.000Z' },
  ...{ sale: 'a', saleUuid: 'uuid', target: 'http://127.0.0.1:5000/抢购', seed: 1, users: { kind: 'random', seed: 1 } },
  ...{ concurrency: 1, timeoutMs: 1_000, atStart: { remaining: 5, records: 0, users: [] } },
  ...wish,
})

const attempt = (userIndex: number): Attempt => ({
  ...{ userIndex, copy: userIndex % 2, quantity: 1 + (userIndex % 2), outcome: 'sold', status: 200, group: 3 },
  ...{ intendedAtUs: 10.5 * userIndex, sentAtUs: 10.5 * userIndex + 2, doneAtUs: 10.5 * userIndex + 9, connectUs: 1 },
})

const group: AnswerGroup = { id: 0, status: 200, sample: '恭喜', outcome: 'sold', rule: null }
const footer: RunFooter = {
  ...{ endedAt: '2026-11-11T12:00:01.000Z', elapsedMs: 1_000, interrupted: false, attempts: 7 },
  ...{ outcomes: { sold: 7 }, stock: { lowest: 0, last: 0, samples: 3, intervalMs: 50 } },
}

/** Three chunks of attempts, groups in between, a footer. */
const smallLog = (): string => {
  const path = freshPath()
  const log = new RunLogWriter(path, header())
  for (const rows of [
    [0, 1, 2],
    [3, 4],
    [5, 6],
  ]) {
    for (const row of rows) log.append(attempt(row))
    log.flush()
    log.groups([{ ...group, id: rows[0] as number }])
  }
  log.close(footer)
  return path
}

const errorOf = (read: () => unknown): SeckillError => {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(SeckillError)
    return error as SeckillError
  }
  throw new Error('nothing was thrown')
}

describe('a run log', () => {
  it('comes back whole', () => {
    const run = readRunLog(smallLog())
    expect(run.header).toEqual(header())
    expect([run.footer, run.tornBytes]).toEqual([footer, 0])
    expect(run.groups.map(({ id }) => id)).toEqual([0, 3, 5])
    expect([...run.attempts.userIndex]).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(run.attempts.outcomeAt(6)).toBe('sold')
    expect([run.attempts.sentAtUs(6), run.attempts.doneAtUs(6), run.attempts.connectUs[6]]).toEqual([65, 72, 1])
  })

  it('cut at any byte, is read as far as it goes', () => {
    const path = smallLog()
    const bytes = readFileSync(path)
    const firstLine = bytes.indexOf(10) + 1
    const cut = freshPath()
    let rows = 0
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(cut, bytes.subarray(0, length))
      if (length < firstLine) {
        expect(errorOf(() => readRunLog(cut))).toMatchObject({ code: 'run_log', exitCode: 2 })
        continue
      }
      const run = readRunLog(cut)
      expect(run.footer).toEqual(length === bytes.length ? footer : null)
      expect(run.tornBytes).toBeLessThanOrEqual(length - firstLine)
      expect([...attemptBatches(cut)].flatMap(({ userIndex }) => [...userIndex])).toEqual([...run.attempts.userIndex])
      expect(run.attempts.length).toBeGreaterThanOrEqual(rows)
      rows = run.attempts.length
      expect(readRunMeta(cut)).toMatchObject({ attempts: rows, tornBytes: run.tornBytes, groups: run.groups })
      expect([...run.attempts.userIndex]).toEqual(Array.from({ length: rows }, (_, i) => i))
      expect(run.attempts.head(rows).length).toBe(rows)
    }
    expect(rows).toBe(7)
  })

  it('with any byte flipped, never yields a made-up attempt', () => {
    const bytes = readFileSync(smallLog())
    const whole = readRunLog(smallLog()).attempts
    const firstLine = bytes.indexOf(10) + 1
    const path = freshPath()
    for (let at = firstLine; at < bytes.length; at++) {
      const broken = Buffer.from(bytes)
      broken[at] = (broken[at] as number) ^ 0x41
      writeFileSync(path, broken)
      const { attempts } = readRunLog(path)
      expect([...attempts.quantity]).toEqual([...whole.quantity.slice(0, attempts.length)])
      expect([...attempts.userIndex]).toEqual([...whole.userIndex.slice(0, attempts.length)])
    }
  })

  it('holds what queued attempts came to, behind them; one that is cut is undecided', () => {
    const path = freshPath()
    const log = new RunLogWriter(path, header())
    for (const user of [0, 1]) log.append({ ...attempt(user), outcome: 'queued' })
    const decision = (userIndex: number, outcome: 'sold' | 'sold_out') => ({
      ...{ userIndex, copy: attempt(userIndex).copy, outcome, decidedAtUs: 5_000_000 },
    })
    log.decisions([decision(0, 'sold')])
    const whole = statSync(path).size
    log.decisions([decision(1, 'sold_out')])
    log.abandon()
    const run = readRunLog(path)
    expect([...(run.decisions ?? [])]).toEqual([decision(0, 'sold'), decision(1, 'sold_out')])
    const final = decided(run).attempts
    expect([final.outcomeAt(0), final.outcomeAt(1), final.doneAtUs(0)]).toEqual(['sold', 'sold_out', 5_000_000])
    expect([run.attempts.outcomeAt(0), run.attempts.outcomeAt(1)]).toEqual(['queued', 'queued'])
    expect([...(readRunMeta(path).decisions ?? [])]).toEqual([...(run.decisions ?? [])])
    truncateSync(path, whole + 20)
    const cut = readRunLog(path)
    expect(cut.tornBytes).toBe(20)
    expect([0, 1].map((row) => decided(cut).attempts.outcomeAt(row))).toEqual(['sold', 'queued'])
  })

  it('is readable while it is written', () => {
    const path = freshPath()
    const log = new RunLogWriter(path, header())
    expect(readRunLog(path)).toMatchObject({ footer: null, attempts: { length: 0 } })
    log.append(attempt(0))
    log.flush()
    expect(readRunLog(path).attempts.length).toBe(1)
    log.append(attempt(1))
    log.abandon()
    expect(readRunLog(path)).toMatchObject({ footer: null, attempts: { length: 1 } })
  })

  it('keeps times that do not fit at their largest', () => {
    const path = freshPath()
    const log = new RunLogWriter(path, header())
    log.append({ ...attempt(0), sentAtUs: 1e12, doneAtUs: 3e12, intendedAtUs: 0, connectUs: 1e12 })
    log.close(footer)
    const { lagUs, serviceUs, connectUs } = readRunLog(path).attempts
    expect([lagUs[0], serviceUs[0], connectUs[0]]).toEqual(Array(3).fill(2 ** 32 - 1))
  })

  it.each([NAMES_PER_CHUNK, NAMES_PER_CHUNK + 1, 3 * NAMES_PER_CHUNK])('with %d given names comes back', (count) => {
    const path = freshPath()
    const names = Array.from({ length: count }, (_, i) => `王伟${i}`)
    const users = { kind: 'given', names, file: 'users.csv' } as const
    new RunLogWriter(path, header({ users })).close(footer)
    expect(readRunHeader(path).users).toEqual({ ...users, names: count > NAMES_PER_CHUNK ? [] : names })
    for (const read of [readRunLog, readRunMeta]) {
      const run = read(path)
      expect(run.header.users).toEqual(users)
      expect(run.footer).toEqual(footer)
    }
  })

  it('of version 1 is read: the time to connect was not kept', () => {
    const path = smallLog()
    const text = readFileSync(path, 'latin1').replace('"version":3', '"version":1')
    writeFileSync(path, text, 'latin1')
    expect(readRunLog(path)).toMatchObject({ header: { version: 1 }, footer, attempts: { length: 7 } })
  })
})

describe('what is no run log', () => {
  const written = (text: string | Buffer): string => {
    const path = freshPath()
    writeFileSync(path, text)
    return path
  }

  it.each([
    ['empty', ''],
    ['text', 'hello\n'],
    ['JSON of another kind', '{"format":"other","version":1}\n'],
    ['JSON that is no object', 'null\n'],
    ['an array', '[]\n'],
    ['a first line without an end', '{"format":"seckill-run"'],
    ['broken JSON', '{"format":"seckill-run",}\n'],
    ['zeros', Buffer.alloc(100_000)],
    ['a long line', `{${'x'.repeat(200_000)}`],
  ])('%s', (_what, content) => {
    const path = written(content)
    const error = errorOf(() => readRunLog(path))
    expect(error).toMatchObject({ code: 'run_log', exitCode: 2 })
    expect(error.message).toContain(path)
    expect(errorOf(() => readRunHeader(path)).code).toBe('run_log')
  })

  it('a newer version', () => {
    const error = errorOf(() => readRunLog(written(`${JSON.stringify({ ...header(), version: RUN_VERSION + 1 })}\n`)))
    expect(error).toMatchObject({ code: 'run_log', exitCode: 2 })
    expect(error.message).toMatch(/newer/)
  })

  it('a version that is no number', () => {
    for (const version of [undefined, null, 'x', 0, -1, 1.5])
      expect(errorOf(() => readRunLog(written(`${JSON.stringify({ ...header(), version })}\n`))).code).toBe('run_log')
  })

  it('a folder', () => {
    expect(errorOf(() => readRunLog(root))).toMatchObject({ code: 'run_log', exitCode: 2 })
  })

  it('an absent file', () => {
    expect(errorOf(() => readRunLog(join(root, 'absent')))).toMatchObject({ code: 'run_log', exitCode: 2 })
  })
})

describe('writing', () => {
  it('never overwrites', () => {
    const path = smallLog()
    const before = readFileSync(path)
    const error = errorOf(() => new RunLogWriter(path, header()))
    expect(error).toMatchObject({ code: 'refused_overwrite', exitCode: 2 })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it.runIf(existsSync('/dev/shm'))('never overwrites a file below /dev either', () => {
    const folder = mkdtempSync('/dev/shm/seckill-log-')
    try {
      const path = join(folder, 'mine.run')
      writeFileSync(path, 'precious')
      expect(errorOf(() => new RunLogWriter(path, header())).code).toBe('refused_overwrite')
      expect(readFileSync(path, 'utf8')).toBe('precious')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('makes the folders of its file', () => {
    const path = join(root, 'a', 'b', 'c.run')
    new RunLogWriter(path, header()).close(footer)
    expect(readRunLog(path).footer).toEqual(footer)
  })

  it('where a file stands in place of a folder is an error of the disk', () => {
    const path = join(smallLog(), 'x.run')
    expect(errorOf(() => new RunLogWriter(path, header()))).toMatchObject({ code: 'disk', exitCode: 1 })
  })

  it.runIf(existsSync('/dev/full'))('on a full disk says so', () => {
    const error = errorOf(() => new RunLogWriter('/dev/full', header()))
    expect(error).toMatchObject({ code: 'disk', exitCode: 1 })
    expect(error.message).toMatch(/no space left.*\/dev\/full/)
    expect(error.hint).toMatch(/--out/)
  })

  it('leaves no file descriptor open', () => {
    const open = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)
    const before = open()
    for (let i = 0; i < 20; i++) {
      readRunLog(smallLog())
      const abandoned = new RunLogWriter(freshPath(), header())
      abandoned.abandon()
      if (existsSync('/dev/full')) errorOf(() => new RunLogWriter('/dev/full', header()))
      expect(() => readRunLog(root)).toThrow()
    }
    expect(open()).toBe(before)
  })
})

describe('a folder of runs', () => {
  const folderOf = (count: number): string => {
    const folder = mkdtempSync(join(root, 'runs-'))
    for (let i = 0; i < count; i++) {
      const wish = { runId: `run-${i}`, sale: i % 2 ? 'a' : 'b', saleUuid: i % 4 === 1 ? 'uuid' : null }
      new RunLogWriter(join(folder, `${String(i).padStart(3, '0')}.run`), header(wish)).close(footer)
    }
    return folder
  }
  const namesIn = (folder: string) => listRuns(folder).map((path) => path.slice(folder.length + 1))

  it('keeps the newest 20 with the one to come', () => {
    const folder = folderOf(25)
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    pruneRuns(folder)
    expect(namesIn(folder)).toEqual(Array.from({ length: 19 }, (_, i) => `${String(i + 6).padStart(3, '0')}.run`))
    expect(existsSync(join(folder, 'notes.txt'))).toBe(true)
  })

  it('remembers whose runs made room', () => {
    const folder = folderOf(25)
    pruneRuns(folder)
    const gone = (sale: string, uuid: string | null) => removedRunsOf(folder, { id: sale, uuid })
    expect([gone('a', 'uuid'), gone('a', null), gone('b', null), gone('b', 'uuid')]).toEqual([2, 1, 3, 0])
    new RunLogWriter(join(folder, '025.run'), header({ sale: 'b', saleUuid: null })).close(footer)
    pruneRuns(folder)
    expect(gone('b', null)).toBe(4)
  })

  it('with few runs, or none, loses nothing', () => {
    const folder = folderOf(19)
    pruneRuns(folder)
    expect(namesIn(folder)).toHaveLength(19)
    pruneRuns(join(root, 'absent'))
    expect(listRuns(join(root, 'absent'))).toEqual([])
  })

  it('tells the runs of a seeding, past what is no run log', () => {
    const folder = folderOf(8)
    writeFileSync(join(folder, '999.run'), 'garbage')
    mkdirSync(join(folder, '998.run'))
    copyFileSync(join(folder, '001.run'), join(folder, '900.run'))
    const names = (uuid: string | null) =>
      runsOfSeeding(findRunLogs(folder), { id: 'a', uuid }).map((path) => path.slice(folder.length + 1))
    expect(names('uuid')).toEqual(['001.run', '005.run'])
    expect(names(null)).toEqual(['003.run', '007.run'])
    expect(belongs(header(), { id: 'a', uuid: 'other' })).toBe(false)
  })

  it('names runs so that they sort by time', () => {
    expect(newRunId(new Date('2026-11-23T22:15:30.999Z'), 'blast', 'k3f9')).toBe('20261123-221530-blast-k3f9')
  })
})
