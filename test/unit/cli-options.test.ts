import { InvalidArgumentError } from 'commander'
import { describe, expect, it } from 'vitest'
import { durationMs, quantityRange, repeat, seed, share, whole } from '../../src/cli/options.js'

const refuses = (parse: (text: string) => unknown, texts: readonly string[]) =>
  it.each(texts)('refuses %j', (text) => expect(() => parse(text)).toThrow(InvalidArgumentError))

describe('whole', () => {
  const units = whole(1, 10_000_000)
  it.each([
    ['1', 1],
    ['10000000', 10_000_000],
    ['007', 7],
  ])('reads %s', (text, value) => expect(units(text)).toBe(value))
  refuses(units, ['0', '-1', '1.5', 'abc', '10000001', '', ' 5', '1e3', '0x10', '+5', '5,000', '１', '9'.repeat(400)])
  it('names its bounds', () => expect(() => units('0')).toThrow(/1 to 10000000/))
})

describe('share', () => {
  it.each([
    ['5%', 0.05],
    ['0.05', 0.05],
    ['0', 0],
    ['100%', 1],
    ['1', 1],
    ['12.5%', 0.125],
    ['29%', 0.29],
  ])('reads %s', (text, value) => expect(share(text)).toBe(value))
  refuses(share, ['5', '101%', '-5%', '%', '', '5 %', '.5', '1e-2', 'abc', '5%%', 'NaN', 'Infinity'])
})

describe('quantity', () => {
  it.each([
    ['1', 1, 1],
    ['2', 2, 2],
    ['1-2', 1, 2],
    ['3-12', 3, 12],
  ])('reads %s', (text, min, max) => expect(quantityRange(text)).toEqual({ min, max }))
  refuses(quantityRange, ['0', '0-2', '2-1', '1-', '-1', '1.5', '1–2', 'a', '', '1-2-3', '10000'])
})

describe('duration', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['10', 10_000],
    ['1.5s', 1_500],
    ['86400s', 86_400_000],
  ])('reads %s', (text, value) => expect(durationMs(text)).toBe(value))
  refuses(durationMs, ['0', '0s', '-1s', '', 's', '10 s', '1d', '86401s', '1e3', 'abc', '10S'])
})

describe('seed', () => {
  it.each([
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s', (text, value) => expect(seed(text)).toBe(value))
  refuses(seed, ['9007199254740992', '9007199254740993', '-1', '1.5', 'x'])
})

it('gathers what is repeated, in order, and leaves the earlier list alone', () => {
  const first = repeat('a')
  expect(repeat('b', first)).toEqual(['a', 'b'])
  expect(first).toEqual(['a'])
})
