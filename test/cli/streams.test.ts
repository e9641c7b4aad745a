import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { on, seckill } from '../helpers/cli.js'
import { freshSaleId } from '../helpers/redis.js'

const ESC = '\u001b['

/** The lines that hold no words. */
const borders = (table: string): string[] => table.split('\n').filter((line) => /^[^a-z]*─[^a-z]*$/.test(line))

/** A call whose result is coloured on a terminal: bold, green and yellow at least. */
const audited = async (flags: readonly string[] = [], env: Record<string, string> = {}) => {
  const sale = freshSaleId()
  await seckill(['init', '--stock', '5', ...on(sale)])
  return seckill(['audit', '--run', 'none', ...flags, ...on(sale)], { env })
}

describe('colour in a pipe', () => {
  it.each([
    ['none by itself', [], {}, false],
    ['none with NO_COLOR', [], { NO_COLOR: '1' }, false],
    ['FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, false],
    ['--color', ['--color'], {}, true],
    ['--color over NO_COLOR', ['--color'], { NO_COLOR: '1' }, true],
    ['--no-color over FORCE_COLOR', ['--no-color'], { FORCE_COLOR: '1' }, false],
  ] as const)('%s', async (_name, flags, env, coloured) => {
    const { stdout, stderr, code } = await audited(flags, env)
    // Nobody bought: there is something to be said in every colour.
    expect(code).toBe(4)
    expect(stdout.includes(ESC)).toBe(coloured)
    expect(stderr).not.toContain(ESC)
    // Colour marks words, never the lines around them.
    expect(borders(stdout)).toEqual(borders(stripVTControlCharacters(stdout)))
  })

  it('--json has none, whatever is asked for', async () => {
    const { stdout } = await audited(['--json', '--color'], { FORCE_COLOR: '1' })
    expect(stdout).not.toContain(ESC)
    expect(JSON.parse(stdout).verdict).toBe('inconclusive')
  })

  it('an error has none', async () => {
    expect((await seckill(['frob'], { env: { FORCE_COLOR: '1' } })).stderr).not.toContain(ESC)
  })
})

describe('stdout and stderr', () => {
  it('with --quiet stderr is empty, and the result is the same', async () => {
    const sale = freshSaleId()
    const calls = [
      ['init', '--stock', '5', '--layout', 'counter'],
      ['init', '--stock', '5', '--layout', 'counter'],
      ['status'],
      ['simulate', '--strategy', 'counter-lua', '--users', '5000'],
      ['buy', '--strategy', 'counter-lua'],
      ['audit'],
      ['reset', '--yes'],
      ['strategies'],
    ]
    for (const call of calls) {
      const { code, stdout, stderr } = await seckill([...call, '--quiet', ...on(sale)])
      expect(stderr).toBe('')
      expect(stdout).not.toBe('')
      expect(code).toBe(0)
    }
  })

  it('an error shows even with --quiet', async () => {
    const { stdout, stderr } = await seckill(['init', '--quiet', '--stock', '0'])
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error: .*\n$/)
  })

  it('without it, stderr says which Redis and where the run log is, stdout does not', async () => {
    const sale = freshSaleId()
    const args = ['simulate', '--strategy', 'list-lua', '--stock', '5', '--users', '20', ...on(sale)]
    const { stdout, stderr } = await seckill(args)
    expect(stderr).toMatch(/^redis 127\.0\.0\.1:\d+\/0 \(--redis\)\nrun log \/.*\.run\n$/)
    expect(stdout).not.toMatch(/^(redis|run log) /m)
  })

  it('no terminal codes beside colour, no carriage returns', async () => {
    const sale = freshSaleId()
    const args = ['simulate', '--strategy', 'list-lua', '--stock', '100000', '--users', '20000', ...on(sale)]
    const { stdout, stderr } = await seckill(args, { env: { FORCE_COLOR: '1' } })
    const plain = stripVTControlCharacters(stdout + stderr)
    expect([...plain].filter((character) => character < ' ' && character !== '\n')).toEqual([])
    const codes = stdout.split(ESC).slice(1)
    expect(codes.filter((code) => !/^\d+m/.test(code))).toEqual([])
    expect(codes).not.toEqual([])
  })

  it('--debug adds the stack, nothing else does', async () => {
    const plain = await seckill(['audit', '--run', 'none.run', ...on(freshSaleId())])
    const { stderr } = await seckill(['audit', '--redis', 'redis://127.0.0.1:1', '--debug'])
    expect(plain.stderr).not.toMatch(/\n\s+at /)
    expect(stderr).toMatch(/\n\s+at /)
  })
})

describe('where Redis comes from', () => {
  it.each([
    [
      '--redis',
      ['--redis', 'redis://127.0.0.1:1'],
      { SECKILL_REDIS: 'redis://127.0.0.1:2' },
      '127.0.0.1:1/0 (--redis)',
    ],
    [
      'SECKILL_REDIS',
      [],
      { SECKILL_REDIS: 'redis://127.0.0.1:1/3', REDIS_URL: 'redis://x' },
      '127.0.0.1:1/3 (SECKILL_REDIS)',
    ],
    ['REDIS_URL', [], { REDIS_URL: 'redis://127.0.0.1:1', VALKEY_URL: 'redis://x' }, '127.0.0.1:1/0 (REDIS_URL)'],
    ['VALKEY_URL', [], { VALKEY_URL: 'valkey://127.0.0.1:1' }, '127.0.0.1:1/0 (VALKEY_URL)'],
  ] as const)('%s', async (_name, flags, env, label) => {
    const { code, stderr } = await seckill(['status', ...flags], { env })
    expect(code).toBe(3)
    expect(stderr.split('\n')[0]).toBe(`redis ${label}`)
  })
})
