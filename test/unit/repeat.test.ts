import { describe, expect, it } from 'vitest'
import { fireAgain } from '../../src/history/repeat.js'
import type { RunHeader } from '../../src/history/run.js'
import { flagsOf } from '../../src/load/shape.js'
import { runOf } from '../helpers/history.js'

const { header } = runOf([])
const again = (wish: Partial<RunHeader>, asked = {}, more = '') =>
  fireAgain(
    { ...header, target: 'http://127.0.0.1:5000/a?b=1', users: { kind: 'sequential' }, ...wish },
    {
      ...{ users: 20, copies: 0, least: 1, most: 2 },
      ...asked,
    },
    more,
  )

describe('the command that fires a run once more', () => {
  it.each([
    [
      again({}),
      `seckill blast 'http://127.0.0.1:5000/a?b=1' --users 20 --concurrency 1 --quantity 1-2 --usernames sequential --seed 1`,
    ],
    [
      again({ loadFlags: '--burst' }, { least: 2, copies: 5 }),
      /--quantity 2 --duplicates 25% --usernames sequential --burst --seed 1$/,
    ],
    [
      again({ loadFlags: '--attempts-per-user 3' }, { copies: 40 }),
      /--quantity 1-2 --usernames sequential --attempts-per-user 3 --seed/,
    ],
    [
      again({ users: { kind: 'template', seed: 1, template: "v'{{index}}" } }),
      /--usernames 'template:v'\\''\{\{index\}\}' --seed/,
    ],
    [
      again({ users: { kind: 'given', names: ['ann'], file: 'my users.csv' } }),
      /--quantity 1-2 --usernames '@my users\.csv' --seed/,
    ],
    [again({ users: { kind: 'given', names: ['ann'] } }), /--quantity 1-2 --seed/],
    [
      again({ command: 'simulate', target: 'strategy list-lua' }, {}, ' --stock 5'),
      /^seckill simulate --strategy list-lua --stock 5 --users 20 /,
    ],
  ])('%s', (command, expected) => expect(command).toMatch(expected))
})

describe('the flags of a load', () => {
  it.each([
    [{}, ''],
    [{ burst: true, attemptsPerUser: 1 }, '--burst'],
    [
      { rate: '100/s@10s,500/s@30s', duration: 5_000, warmup: 0, thinkTime: 3 },
      '--rate 100/s@10s,500/s@30s --duration 5000ms --warmup 0ms --think-time 3ms',
    ],
    [{ attemptsPerUser: 2 }, '--attempts-per-user 2'],
  ])('%j', (options, flags) => expect(flagsOf(options)).toBe(flags))
})
