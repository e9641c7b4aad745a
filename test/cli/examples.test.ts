import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/commands/index.js'
import { type CliResult, testFolder } from '../helpers/cli.js'
import { type Block, blocksOf, commandsOf, DOCUMENTS, inlineCommandsOf, pathOf, readDocument } from '../helpers/docs.js'
import { type ExampleWorld, openExampleWorld } from '../helpers/example-world.js'
import { stopFolderRedisAfter } from './world.js'

/** Blocks that another test runs, by what they begin with. */
const ELSEWHERE: readonly (readonly [document: string, block: RegExp, test: string])[] = [
  ['README.md', /^console|^js\n\/\/ shop\.mjs/, 'test/cli/docs.test.ts'],
  ['docs/doctor.md', /^console/, 'test/cli/docs.test.ts'],
  ['docs/ci.md', /^yaml/, 'test/cli/ci.test.ts'],
  ['docs/queue.md', /^text/, 'test/unit/audit/reserved-is-recorded.test.ts'],
  ['docs/race.md', /^text/, 'test/integration/race-docs.test.ts'],
  ['docs/scenarios.md', /^text/, 'test/cli/import.test.ts'],
  ['docs/run-log.md', /^js/, 'test/cli/docs.test.ts'],
  ['docs/architecture.md', /^\n/, 'test/unit/docs.test.ts'],
]

/** Lines that are not run here, and why. */
const NOT_RUN: readonly (readonly [line: RegExp, reason: string])[] = [
  [/^npm (run demo|test|link)$/, 'they install and build a clone; the suite itself runs in the second'],
  [/^seckill demo$/, 'test/cli/docs.test.ts runs it'],
  [/^seckill race --all-strategies$/, 'a minute; test/conformance/race.test.ts measures the same'],
  [/ completion /, 'they write a shell’s profile; test/cli/completion.test.ts reads what they write'],
  [/@cache\.example\.com/, 'a server that is not here'],
  [/ flask run$/, 'a shop beside the proxy of the line before'],
]

interface Placed extends Block {
  readonly document: string
}

const blocks: Placed[] = DOCUMENTS.filter((name) => name !== 'README.zh-CN.md').flatMap((document) =>
  blocksOf(readDocument(document)).map((block) => ({ document, ...block })),
)
const here = blocks.filter(
  ({ document, language, text }) =>
    !ELSEWHERE.some(([name, block]) => name === document && block.test(`${language}\n${text}`)),
)
const of = (wanted: string) => here.filter(({ language }) => language === wanted)

const inHelp = (await Promise.all(commands.map(({ load }) => load()))).flatMap(({ examples }) => examples)
const inReports = inlineCommandsOf(readDocument('docs/report.md'))
const inDocuments = [...of('sh').flatMap(commandsOf), ...inReports]
const lines = [...new Set([...inDocuments, ...inHelp])]
/** Of the help alone, and with a `--dry-run` that goes through everything but the deed: the same deeds are done by lines of documents. */
const foretold = inHelp.filter(
  (line) =>
    /^seckill (serve|run|init|reset|buy|simulate|blast|race) (?!.*>)/.test(`${line} `) && !inDocuments.includes(line),
)
const run = lines.filter((line) => !foretold.includes(line) && !NOT_RUN.some(([pattern]) => pattern.test(line)))

/** Of a busy machine: some lines are a load, a race and a report. */
const SLOW_MS = 90_000

let world: ExampleWorld
beforeAll(async () => {
  world = await openExampleWorld()
})
afterAll(() => world.close())

describe('everybody’s example is somebody’s test', () => {
  it.each(here)('$document: $language $text', ({ language }) => {
    expect(['sh', 'yaml', 'js', 'csv']).toContain(language)
  })

  it.each(ELSEWHERE)('%s %s: in %s, which names the document', (document, block, test) => {
    expect(blocks.some((it) => it.document === document && block.test(`${it.language}\n${it.text}`))).toBe(true)
    expect(readFileSync(pathOf(test), 'utf8')).toContain(document)
  })

  it.each(NOT_RUN)('%s is in a document: %s', (pattern) => expect(lines.some((line) => pattern.test(line))).toBe(true))
})

/** A command that does not end by itself, and what it says once it is at work. */
const ENDLESS: readonly (readonly [RegExp, RegExp])[] = [
  [/^seckill (serve|proxy)/, /listening|http:\/\/127/],
  [/^seckill worker(?!.*until-idle)/, /deciding orders/],
  [/ --at 20:00/, /20:00:00/],
  [/ --watch/, /\d left, \d/],
]

/** Exit codes by line: a judge may judge, a slow machine may not produce a rate, and nobody is here to be asked. */
const ENDS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^seckill reset$/, [2]],
  // So many connections may be more than the machine allows: that is what it is asked.
  [/^seckill doctor .*--concurrency/, [0, 2]],
  [/^seckill blast .*--(rate|burst)\b/, [0, 4]],
  [/^seckill (race|run)/, [0, 10]],
  [/^seckill report --baseline/, [0]],
  [/^seckill audit.*--run none|--orders-command/, [0, 4, 10]],
  [/^seckill simulate .*--threshold/, [0, 99]],
]
const endsOf = (line: string): readonly (number | null)[] => ENDS.find(([pattern]) => pattern.test(line))?.[1] ?? [0]

const said = ({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>): string => stdout + stderr

it.each(run)('%s', { timeout: SLOW_MS }, async (line) => {
  if (line.startsWith('seckill redis')) stopFolderRedisAfter()
  const started = await world.start(line)
  const [, atWork] = ENDLESS.find(([pattern]) => pattern.test(line)) ?? []
  if (atWork) {
    await started.waitFor(atWork)
    started.kill('SIGINT')
    expect(said(await started.exited)).not.toMatch(/^error/m)
    return
  }
  const result = await started.exited
  expect(endsOf(line), said(result)).toContain(result.code)
  const written = / --(?:out|save|report) (\S+)/.exec(line)?.[1]
  expect(written ? readFileSync(join(testFolder(), written), 'utf8') : said(result)).not.toBe('')
})

it.each(foretold)('%s, foretold', { timeout: SLOW_MS }, async (line) => {
  const { code, stdout, stderr } = await world.foretell(line)
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/^would /m)
})

/** What a sale file is for, by what stands in it. */
const usesOf = (text: string): string[] => {
  if (/^ {2}start:/m.test(text)) return ['seckill run']
  if (/^thresholds:/m.test(text)) return ['seckill simulate --strategy counter-lua --stock 50 --redis private']
  const has = (section: string) => text.includes(`${section}:\n`)
  return [
    ...(has('sale') ? ['seckill init --force', 'seckill audit --run none'] : []),
    ...(has('target') ? ['seckill blast --users 2'] : []),
  ]
}

it.each(of('yaml'))('$document: $text', { timeout: SLOW_MS }, async ({ text }) => {
  const uses = usesOf(text)
  expect(uses).not.toEqual([])
  for (const line of uses) {
    const { code, ...result } = await (await world.start(line, { 'seckill.yaml': text })).exited
    const judged = /audit/.test(line) ? [4, 10] : /run/.test(line) ? [10] : /^thresholds/.test(text) ? [99] : []
    expect([0, ...judged], said(result)).toContain(code)
  }
})

it.each(of('js'))('$document: $text', async ({ text }) => {
  const { code, stderr } = await (await world.start('"$NODE" program.mjs', { 'program.mjs': text })).exited
  expect(stderr).toMatch(/^Error: claim-first has a race\n {5}alice/m)
  expect(code).toBe(1)
})
