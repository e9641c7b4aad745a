import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/commands/index.js'
import type { Io } from '../../src/cli/io.js'
import { buildProgram } from '../../src/cli/program.js'
import { CHUNK_HEADER, FIELD, RECORD_SIZE, RECORDS_PER_CHUNK, TAGS } from '../../src/history/run-log-format.js'
import { installHint } from '../../src/redis/find-server.js'
import { OUTCOMES } from '../../src/sale/outcome.js'
import { loadSaleFile, parseSaleFile } from '../../src/sale-file/load.js'
import {
  blocksOf,
  DOCUMENTS,
  inlineCommandsOf,
  outlineOf,
  pathOf,
  readDocument,
  withGenerated,
} from '../helpers/docs.js'
import { PLAN } from '../helpers/plan.js'
import { readmeTables } from '../helpers/readme-tables.js'
import { scenarioTable } from '../helpers/shipped-scenarios.js'

const READMES = [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const

describe.each(READMES)('%s', (name, language) => {
  it('has the tables that the code says (UPDATE=1 writes them)', () => {
    const text = readDocument(name)
    const fresh = withGenerated(text, readmeTables(language))
    if (process.env.UPDATE === '1') writeFileSync(pathOf(name), fresh)
    else expect(text).toBe(fresh)
  })

  it('names every outcome, and every install command', () => {
    const text = readDocument(name)
    for (const outcome of OUTCOMES) expect(text).toContain(`\`${outcome}\``)
    const hints = ['debian', 'alpine', 'fedora'].map((id) => installHint('linux', `ID=${id}`))
    for (const hint of [...hints, installHint('darwin')])
      expect(text).toContain(`\`${hint.replace('install one: ', '')}\``)
  })

  it.each(blocksOf(readDocument(name)).filter(({ language: is }) => is === 'yaml'))(
    'has a valid sale file',
    ({ text }) => {
      const { sale, target, outcomes, load } = parseSaleFile(text, 'seckill.yaml', {})
      expect([sale, target, outcomes, load].every(Boolean)).toBe(true)
      expect(existsSync(pathOf(/\$schema=\.\/node_modules\/seckill\/(\S+)/.exec(text)?.[1] ?? 'no schema'))).toBe(true)
    },
  )
})

it('docs/scenarios.md has a row for each shipped scenario (UPDATE=1 writes them)', async () => {
  const text = readDocument('docs/scenarios.md')
  const fresh = withGenerated(text, { shipped: await scenarioTable() })
  if (process.env.UPDATE === '1') writeFileSync(pathOf('docs/scenarios.md'), fresh)
  else expect(text).toBe(fresh)
})

it('both READMEs have the same sections and the same blocks', () => {
  const [en, zh] = READMES.map(([name]) => readDocument(name)) as [string, string]
  expect(outlineOf(zh)).toEqual(outlineOf(en))
  const code = (text: string) => blocksOf(text).map((block) => ({ ...block, text: withoutComments(block.text) }))
  expect(code(zh)).toEqual(code(en))
})

/** What stands behind two spaces and a hash, in a shell block, is said in the reader's language. */
const withoutComments = (text: string): string => text.replace(/ +# .*$/gm, '')

describe.each(DOCUMENTS)('%s', (name) => {
  const text = readDocument(name)

  it('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => !existsSync(pathOf(join(dirname(name), link))))).toEqual([])
  })

  it('names files that exist', () => {
    const paths = [...text.matchAll(/`((?:src|test|bench|scripts|schema|scenarios|docs|bin)\/[\w./-]+)`/g)]
    expect(paths.map(([, path = '']) => path).filter((path) => !existsSync(pathOf(path)))).toEqual([])
  })
})

describe('commands in running text', async () => {
  const io = { argv: commands.map(({ name }) => name), stdout: { columns: 100 } } as unknown as Io
  const program = await buildProgram(io, '0.0.0', {})
  const flags = new Map(program.commands.map((command) => [command.name(), command.options.map(({ long }) => long)]))

  it.each(DOCUMENTS)('%s: every command and flag exists', (name) => {
    for (const line of inlineCommandsOf(readDocument(name))) {
      const [, command = ''] = /^seckill (?:--lang zh )?([a-z]+)/.exec(line) ?? []
      if (command === 'help' || command === 'COMMAND') continue
      expect([...flags.keys()], line).toContain(command)
      for (const [flag] of line.replace(/ --start .*/, ' --start').matchAll(/--[a-z][a-z0-9-]*/g))
        expect(flags.get(command), line).toContain(flag)
    }
  })
})

describe('docs/architecture.md', () => {
  const text = readDocument('docs/architecture.md')

  it('has a line for every room of src, with the arrows that the tests enforce', () => {
    const rooms = readdirSync(pathOf('src'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    )
    // What every room may import is said in the sentence before.
    const told = (imports: readonly string[] = []) => imports.filter((place) => place !== 'language')
    const lines = [...text.matchAll(/^([a-z-]+) +← +(.+)$/gm)].map(([, room = '', imports = '']) => {
      return { room, imports: told(imports.split(', ')) }
    })
    const planned = new Set([...rooms, ...lines.map(({ room }) => room)])
    for (const room of ['cli', 'language']) planned.delete(room)
    expect(Object.fromEntries(lines.map(({ room, imports }) => [room, imports]))).toEqual(
      Object.fromEntries([...planned].map((room) => [room, told(PLAN.mayImport[room])])),
    )
  })

  it('names every command and every strategy file’s folder', () => {
    for (const room of readdirSync(pathOf('src'))) if (!room.includes('.')) expect(text).toContain(`${room}/`)
  })
})

describe('docs/run-log.md', () => {
  const text = readDocument('docs/run-log.md')

  it('has the numbers of the format', () => {
    for (const [field, offset] of Object.entries(FIELD))
      expect(text).toMatch(new RegExp(`^\\| ${offset} +\\|.*\`${field}\``, 'm'))
    for (const tag of Object.values(TAGS)) expect(text).toContain(`\`${tag}\``)
    for (const n of [CHUNK_HEADER, RECORD_SIZE, RECORDS_PER_CHUNK])
      expect(text).toContain(`${n.toLocaleString('en-US')} `)
  })

  it('lists the outcomes in the order of their codes', () => {
    const listed = [...text.matchAll(/(\d+) `(\w+)`/g)].map(([, code, outcome]) => [Number(code), outcome])
    expect(listed).toEqual([...OUTCOMES.entries()])
  })
})

describe('scenarios', () => {
  it.each(readdirSync(pathOf('scenarios')))('%s is a valid sale file', async (name) => {
    const text = readDocument(`scenarios/${name}`)
    const file = await loadSaleFile({ cwd: pathOf('scenarios'), path: name, env: {} })
    const { sale, target, outcomes, load } = file as NonNullable<typeof file>
    expect([sale, target, load].every(Boolean)).toBe(true)
    expect(outcomes.length > 0 || target?.preset !== undefined).toBe(true)
    expect(existsSync(join(pathOf('scenarios'), /\$schema=(\S+)/.exec(text)?.[1] ?? 'no schema'))).toBe(true)
  })
})
