import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CHECKS } from './helpers/architecture.js'
import { parseModule } from './helpers/modules.js'
import { PLAN } from './helpers/plan.js'

const SRC = fileURLToPath(new URL('../src/', import.meta.url))

const sourceModules = () =>
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseModule(path, readFileSync(SRC + path, 'utf8')))

/** Breaches of a made-up house: path → text. */
const breaches = (check: keyof typeof CHECKS, files: Record<string, string>) =>
  CHECKS[check](
    Object.entries(files).map(([path, text]) => parseModule(path, text)),
    PLAN,
  )

describe('src', () => {
  const modules = sourceModules()

  it('is read', () => expect(modules.length).toBeGreaterThan(20))
  it.each(Object.entries(CHECKS))('%s', (_name, check) => expect(check(modules, PLAN)).toEqual([]))
})

describe('directions', () => {
  it.each([
    ['audit/audit.ts', `import { strategies } from '../strategies/index.js'`],
    ['audit/audit.ts', `import type { RedisPort } from '../redis/port.js'`],
    ['sale/sale.ts', `export * from '../redis/url.js'`],
    ['load/engine.ts', `const seed = () => import('../store/seed.js')`],
    ['load/transports/socket.ts', `import '../../strategies/index.js'`],
    ['race/explorer.ts', `import { strategies } from '../strategies/index.js'`],
    ['strategies/increx.ts', `import { connect } from '../redis/client.js'`],
    ['report/summary.ts', `import { audit } from '../audit/audit.js'`],
    ['report/summary.ts', `import { type Verdict, audit } from '../audit/audit.js'`],
    ['index.ts', `export { main } from './cli/main.js'`],
    ['server/serve.ts', `type Io = import('../cli/io.js').Io`],
    ['cli/main.ts', `import '../../package.json'`],
    ['cli/main.ts', 'const load = (name: string) => import(`./commands/${name}.js`)'],
  ])('%s must not: %s', (path, text) => expect(breaches('directions', { [path]: text })).toHaveLength(1))

  it.each([
    ['store/seed.ts', `import { RedisPort } from '../redis/port.js'`],
    ['load/transports/direct.ts', `import { open } from '../../strategies/strategy.js'`],
    ['race/worlds/in-process.ts', `import { open } from '../../strategies/strategy.js'`],
    ['report/summary.ts', `import type { Verdict } from '../audit/audit.js'`],
    ['report/summary.ts', `import { type Verdict } from '../audit/audit.js'`],
    ['sale/keys.ts', `// import x from '../cli/io.js'\nconst text = "import x from '../cli/io.js'"`],
    ['cli/commands/serve.ts', `const { serve } = await import('../../server/serve.js')`],
  ])('%s may: %s', (path, text) => expect(breaches('directions', { [path]: text })).toEqual([]))

  it('knows every room', () =>
    expect(breaches('directions', { 'attic/box.ts': '' })).toEqual(['attic/box is in no room of the plan']))
})

describe('packages', () => {
  it.each([
    ['store/seed.ts', `import { Redis } from 'ioredis'`],
    ['redis/script.ts', `import type { Redis } from 'ioredis/built/Redis.js'`],
    ['sale/sale.ts', `import chalk from 'chalk'`],
    ['report/summary.ts', `import Table from 'cli-table3'`],
    ['load/engine.ts', `const update = await import('log-update')`],
    ['scenario/run.ts', `import { Command } from 'commander'`],
  ])('%s must not: %s', (path, text) => expect(breaches('packages', { [path]: text })).toHaveLength(1))

  it('lets the owners in', () =>
    expect(
      breaches('packages', {
        'redis/client.ts': `import { Redis } from 'ioredis'`,
        'cli/style.ts': `import chalk from 'chalk'`,
        'report/render/table.ts': `import Table from 'cli-table3'`,
      }),
    ).toEqual([]))
})

describe('purity', () => {
  it.each([
    ['sale/usernames.ts', `import { randomUUID } from 'node:crypto'`],
    ['audit/rules/conservation.ts', `import { readFile } from 'node:fs/promises'`],
    ['report/render/html.ts', `import { writeFileSync } from 'node:fs'`],
    ['load/pacer.ts', `import { setTimeout } from 'node:timers/promises'`],
    ['load/classify.ts', `import { request } from 'undici'`],
  ])('%s must not: %s', (path, text) => expect(breaches('purity', { [path]: text })).toHaveLength(1))

  it('leaves the edges alone', () =>
    expect(
      breaches('purity', {
        'load/engine.ts': `import { connect } from 'node:net'`,
        'report/path.ts': `import { join } from 'node:path'`,
      }),
    ).toEqual([]))
})

describe('globals', () => {
  it.each([
    'const home = process.env.HOME',
    'process.exit(1)',
    `process['exit'](1)`,
    'const { argv } = process',
    'const grab = { process }',
    `console.log('hello')`,
    `import { argv } from 'node:process'`,
  ])('only cli/io may: %s', (text) => {
    expect(breaches('globals', { 'cli/main.ts': text })).toHaveLength(1)
    expect(breaches('globals', { 'cli/io.ts': text })).toEqual([])
  })

  it('lets everybody read the clock and the versions, and name a property process', () =>
    expect(
      breaches('globals', { 'load/a.ts': 'f(process.hrtime.bigint(), process.pid, shop.process, { console: 1 })' }),
    ).toEqual([]))
})

describe('cycles', () => {
  it('finds one over three files, type-only imports included', () =>
    expect(
      breaches('cycles', {
        'sale/a.ts': `import './b.js'`,
        'sale/b.ts': `import type { C } from './c.js'`,
        'sale/c.ts': `export * from './a.js'`,
      }),
    ).toEqual(['import cycle: sale/a → sale/b → sale/c → sale/a']))

  it('accepts a diamond', () =>
    expect(
      breaches('cycles', {
        'sale/a.ts': `import './b.js'\nimport './c.js'`,
        'sale/b.ts': `import './d.js'`,
        'sale/c.ts': `import './d.js'`,
        'sale/d.ts': '',
      }),
    ).toEqual([]))
})

describe('sizes', () => {
  it('accepts 250 lines and no more', () => {
    expect(breaches('sizes', { 'sale/a.ts': 'a\n'.repeat(250) })).toEqual([])
    expect(breaches('sizes', { 'sale/a.ts': 'a\n'.repeat(251) })).toEqual(['sale/a has 251 lines: at most 250'])
  })
})
