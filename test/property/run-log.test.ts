import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { AnswerGroup, Attempt } from '../../src/history/attempt.js'
import { RUN_FORMAT, RUN_VERSION, type Run, type RunFooter, type RunHeader } from '../../src/history/run.js'
import { readRunLog } from '../../src/history/run-log-reader.js'
import { RunLogWriter } from '../../src/history/run-log-writer.js'
import { OUTCOMES } from '../../src/sale/outcome.js'
import { fc } from '../helpers/fc.js'

const root = mkdtempSync(join(tmpdir(), 'seckill-log-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let files = 0

const naturals = (max: number) => fc.integer({ min: 0, max })
const U16 = 2 ** 16 - 1
const U32 = 2 ** 32 - 1

const attempt: fc.Arbitrary<Attempt> = fc
  .record({
    ...{ userIndex: naturals(U32), copy: naturals(255), quantity: naturals(U16), status: naturals(U16) },
    ...{ group: naturals(U16), outcome: fc.constantFrom(...OUTCOMES), intendedAtUs: naturals(2 ** 50) },
    ...{ lagUs: naturals(U32), serviceUs: naturals(U32), connectUs: naturals(U32) },
  })
  .map(({ lagUs, serviceUs, intendedAtUs, ...rest }) => ({
    ...rest,
    ...{ intendedAtUs, sentAtUs: intendedAtUs + lagUs, doneAtUs: intendedAtUs + lagUs + serviceUs },
  }))

const group: fc.Arbitrary<AnswerGroup> = fc.record({
  ...{ id: naturals(1_000), status: naturals(599), sample: fc.string({ unit: 'grapheme' }) },
  ...{ outcome: fc.constantFrom(...OUTCOMES), rule: fc.option(fc.string()) },
})

type Step = { kind: 'append'; attempts: Attempt[] } | { kind: 'groups'; groups: AnswerGroup[] } | { kind: 'flush' }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('append' as const), attempts: fc.array(attempt, { maxLength: 30 }) }),
    fc.record({ kind: fc.constant('groups' as const), groups: fc.array(group, { maxLength: 4 }) }),
    fc.record({ kind: fc.constant('flush' as const) }),
  ),
  { maxLength: 8 },
)

const header: fc.Arbitrary<RunHeader> = fc.record({
  ...{ format: fc.constant(RUN_FORMAT), version: fc.constant(RUN_VERSION), runId: fc.string() },
  ...{ command: fc.constantFrom('blast', 'simulate', 'buy'), startedAt: fc.constant('2026-11-11T12:00:00.000Z') },
  ...{ sale: fc.string({ unit: 'grapheme' }), saleUuid: fc.option(fc.uuid()), target: fc.string({ unit: 'grapheme' }) },
  ...{ seed: fc.maxSafeNat(), concurrency: naturals(1_000), timeoutMs: naturals(100_000) },
  users: fc.oneof(
    fc.record({ kind: fc.constantFrom('random' as const, 'zh' as const), seed: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant('given' as const), names: fc.array(fc.string({ unit: 'grapheme' })) }),
  ),
  atStart: fc.option(
    fc.record(
      {
        ...{ remaining: fc.option(fc.integer()), records: fc.nat(), users: fc.option(fc.array(fc.string())) },
        units: fc.dictionary(fc.string(), fc.array(fc.option(fc.nat()))),
      },
      { requiredKeys: ['remaining', 'records', 'users'] },
    ),
  ),
})

const footer: RunFooter = {
  ...{ endedAt: '2026-11-11T12:00:01.000Z', elapsedMs: 1, interrupted: true, attempts: 1, outcomes: {}, stock: null },
}

const write = (head: RunHeader, wanted: readonly Step[], end: RunFooter | null): string => {
  const path = join(root, `${++files}.run`)
  const log = new RunLogWriter(path, head)
  for (const step of wanted) {
    if (step.kind === 'append') for (const one of step.attempts) log.append(one)
    else if (step.kind === 'groups') log.groups(step.groups)
    else log.flush()
  }
  if (end === null) {
    log.flush()
    log.abandon()
  } else log.close(end)
  return path
}

const rowsOf = ({ attempts }: Run): Attempt[] =>
  Array.from({ length: attempts.length }, (_, row) => ({
    ...{ userIndex: attempts.userIndex[row]!, copy: attempts.copy[row]!, quantity: attempts.quantity[row]! },
    ...{ status: attempts.status[row]!, group: attempts.group[row]!, outcome: attempts.outcomeAt(row) },
    intendedAtUs: attempts.intendedAtUs[row]!,
    ...{ sentAtUs: attempts.sentAtUs(row), doneAtUs: attempts.doneAtUs(row), connectUs: attempts.connectUs[row]! },
  }))

const appended = (wanted: readonly Step[]): Attempt[] => wanted.flatMap((s) => (s.kind === 'append' ? s.attempts : []))

it('what was written is read, whatever the order of appends, flushes and groups', () => {
  fc.assert(
    fc.property(header, steps, fc.boolean(), (head, wanted, ended) => {
      const run = readRunLog(write(head, wanted, ended ? footer : null))
      expect(run.header).toEqual(head)
      expect(rowsOf(run)).toEqual(appended(wanted))
      expect(run.groups).toEqual(wanted.flatMap((step) => (step.kind === 'groups' ? step.groups : [])))
      expect(run.footer).toEqual(ended ? footer : null)
    }),
    { numRuns: 150 },
  )
})

it('more attempts than a chunk holds are read in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2_040, max: 6_200 }), attempt, (count, one) => {
      const attempts = Array.from({ length: count }, (_, userIndex) => ({ ...one, userIndex }))
      const run = readRunLog(
        write(fc.sample(header, { numRuns: 1, seed: 1 })[0]!, [{ kind: 'append', attempts }], footer),
      )
      expect(run.attempts.length).toBe(count)
      expect(run.attempts.userIndex.every((userIndex, row) => userIndex === row)).toBe(true)
      expect(run.footer).toEqual(footer)
    }),
    { numRuns: 10 },
  )
})

it('a log cut anywhere, or with a tail of garbage, yields the first of its attempts and no footer', () => {
  fc.assert(
    fc.property(header, steps, fc.nat(), fc.uint8Array({ maxLength: 200 }), (head, wanted, where, garbage) => {
      const path = write(head, wanted, footer)
      const bytes = readFileSync(path)
      const firstLine = bytes.indexOf(10) + 1
      const at = firstLine + (where % (bytes.length - firstLine))
      truncateSync(path, at)
      for (const tail of [new Uint8Array(), garbage]) {
        writeFileSync(path, Buffer.concat([bytes.subarray(0, at), tail]))
        const run = readRunLog(path)
        const rows = rowsOf(run)
        expect(rows).toEqual(appended(wanted).slice(0, rows.length))
        expect(run.footer).toBeNull()
      }
    }),
    { numRuns: 150 },
  )
})
