import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { audit } from '../../src/cli/commands/audit.js'
import { blast } from '../../src/cli/commands/blast.js'
import { buy } from '../../src/cli/commands/buy.js'
import { init } from '../../src/cli/commands/init.js'
import { simulate } from '../../src/cli/commands/simulate.js'
import { seed } from '../../src/cli/options.js'
import type { CommandSpec } from '../../src/cli/spec.js'
import { LIMITS } from '../../src/sale/limits.js'
import { parseSaleFile } from '../../src/sale-file/load.js'
import { fc } from '../helpers/fc.js'

/** What a command makes of a flag; null where it refuses it. */
const byFlag = (spec: CommandSpec, flag: string) => (text: string) => {
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .allowUnknownOption()
    .allowExcessArguments()
  spec.configure?.(command)
  try {
    return command.parse(['--strategy=x', `--${flag}=${text}`], { from: 'user' }).opts()[flag] as unknown
  } catch {
    return null
  }
}

type Sections = ReturnType<typeof parseSaleFile>

/** What the sale file makes of a value; null where it refuses it. */
const byFile = (section: string, read: (sections: Sections) => unknown) => (text: string) => {
  try {
    return read(parseSaleFile(section.replace('VALUE', text), 'seckill.yaml', {}))
  } catch {
    return null
  }
}

const seedFlag: CommandSpec = {
  examples: [],
  run: () => Promise.reject(),
  configure: (command) => void command.option('--seed <n>', '', seed),
}

interface Limit {
  readonly flag: (text: string) => unknown
  readonly file: (text: string) => unknown
  readonly allowed: readonly string[]
  readonly refused: readonly string[]
}

const whole = ([min, max]: readonly [number, number]) => ({
  allowed: [String(min), String(max)],
  refused: [String(min - 1), String(max + 1), `${min}.5`, 'many'],
})

/** Every value of the sale file that has a limit, beside the flag that says the same. */
const CASES: readonly (readonly [string, Limit])[] = [
  [
    'sale.stock.initial, init --stock',
    {
      flag: byFlag(init, 'stock'),
      file: byFile('sale: { stock: { initial: VALUE } }', ({ sale }) => sale?.stock?.initial),
      ...whole(LIMITS.stock),
    },
  ],
  [
    'sale.perUser.units, init --limit',
    {
      flag: byFlag(init, 'limit'),
      file: byFile('sale: { perUser: { units: VALUE } }', ({ sale }) => sale?.perUser?.units),
      ...whole(LIMITS.unitsPerUser),
    },
  ],
  ...[blast, simulate].flatMap((spec) => [
    [
      'load.users, --users',
      {
        flag: byFlag(spec, 'users'),
        file: byFile('load: { users: VALUE }', ({ load }) => load?.users),
        ...whole(LIMITS.users),
        refused: ['0', '1000000001', '5000000000', '1.5', 'many'],
      },
    ] as const,
    [
      'load.concurrency, --concurrency',
      {
        flag: byFlag(spec, 'concurrency'),
        file: byFile('load: { concurrency: VALUE }', ({ load }) => load?.concurrency),
        ...whole(LIMITS.concurrency),
      },
    ] as const,
    [
      'load.quantity, --quantity',
      {
        flag: byFlag(spec, 'quantity'),
        file: byFile('load: { quantity: VALUE }', ({ load }) => load?.quantity),
        allowed: ['1', '9999', '1-2', '1-9999'],
        refused: ['0', '10000', '0-1', '2-1', '1-10000', '1.5'],
      },
    ] as const,
    [
      'load.duplicates, --duplicates',
      {
        flag: byFlag(spec, 'duplicates'),
        file: byFile('load: { duplicates: VALUE }', ({ load }) => load?.duplicates),
        allowed: ['0', '1', '0.05', '0%', '100%'],
        refused: ['2', '1.01', '101%', '-1'],
      },
    ] as const,
  ]),
  [
    'load.seed, --seed',
    {
      flag: byFlag(seedFlag, 'seed'),
      file: byFile('load: { seed: VALUE }', ({ load }) => load?.seed),
      allowed: ['0', '9007199254740991'],
      refused: ['-1', '9007199254740992', '1.5'],
    },
  ],
  [
    'target.timeout, blast --timeout',
    {
      flag: byFlag(blast, 'timeout'),
      file: byFile('target: { url: "http://h/", timeout: VALUE }', ({ target }) => target?.timeoutMs),
      allowed: ['1ms', '86400s', '1440m', '86400', '0.5'],
      refused: ['0', '0s', '86401s', '86401', '1441m', '-1'],
    },
  ],
]

describe.each(CASES)('%s', (_name, { flag, file, allowed, refused }) => {
  it.each(allowed)('takes %s', (text) => {
    expect(flag(text)).not.toBeNull()
    expect(file(text)).toEqual(flag(text))
  })

  it.each(refused)('refuses %s', (text) => expect([flag(text), file(text)]).toEqual([null, null]))

  it('flag and file agree on any number', () => {
    const number = fc.oneof(
      fc.integer({ min: -2, max: 12_000 }),
      fc.integer({ min: 0, max: 2_000_000_000 }),
      fc.maxSafeNat(),
      fc.integer({ min: 0, max: 300 }).map((n) => n / 100),
    )
    fc.assert(
      fc.property(number, (n) => {
        expect(file(String(n))).toEqual(flag(String(n)))
      }),
    )
  })
})

it('what no flag of a run may exceed, no other command may either', () => {
  const [, most] = LIMITS.unitsPerUser
  expect(byFlag(buy, 'quantity')(String(most))).toBe(most)
  expect(byFlag(buy, 'quantity')(String(most + 1))).toBeNull()
  expect(byFlag(audit, 'stock')(String(LIMITS.stock[1] + 1))).toBeNull()
})
