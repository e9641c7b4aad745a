import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { keepDocument, keptDocuments, removeAudits } from '../../src/history/kept-documents.js'

const keepAudit = (folder: string, id: string, document: unknown) => keepDocument(folder, 'audit', id, document)
const keptAudits = (folder: string) => keptDocuments(folder, 'audit')

let folder = ''

beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'seckill-audits-'))
  folder = made
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
})

it('keeps the last audit of a run, in a folder that it makes', () => {
  const inner = join(folder, 'runs')
  keepAudit(inner, 'r1', { verdict: 'pass' })
  keepAudit(inner, 'r1', { verdict: 'fail' })
  keepAudit(inner, 'r2', { verdict: 'pass' })
  expect(keptAudits(inner)).toEqual([{ verdict: 'fail' }, { verdict: 'pass' }])
  expect(readdirSync(inner)).toEqual(['r1.audit.json', 'r2.audit.json'])
})

it('goes with its run, and makes room for newer ones', () => {
  for (let n = 10; n < 35; n++) keepAudit(folder, `r${n}`, { n })
  expect(keptAudits(folder)).toHaveLength(20)
  expect(keptAudits(folder)[0]).toEqual({ n: 15 })
  removeAudits(folder, ['r15', 'r99'])
  expect(keptAudits(folder)[0]).toEqual({ n: 16 })
})

it('leaves out what is cut, and knows no audit where there is no folder', () => {
  writeFileSync(join(folder, 'r1.audit.json'), '{"verdict":')
  keepAudit(folder, 'r2', {})
  expect(keptAudits(folder)).toEqual([{}])
  expect(keptAudits(join(folder, 'none'))).toEqual([])
})

it('keeps races apart from audits', () => {
  keepAudit(folder, 'r1', { verdict: 'pass' })
  keepDocument(folder, 'race', 'r2', { verdict: 'fail' })
  expect(keptDocuments(folder, 'race')).toEqual([{ verdict: 'fail' }])
  expect(keptAudits(folder)).toEqual([{ verdict: 'pass' }])
})
