import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { seckill, seckillStart, shell, testFolder } from '../helpers/cli.js'
import { blocksOf, pathOf, readDocument } from '../helpers/docs.js'
import { testRedisUrl } from '../helpers/redis.js'
import { expectRefusal } from './world.js'

const RACE = ['race', '--strategy', 'list-naive', '--users', '2', '--stock', '3', '--quantity', '2'] as const

describe('exit codes', () => {
  it('10 and a timeline, on a Redis of its own whatever the environment names', async () => {
    const { code, stdout, stderr } = await seckill(RACE, { env: { SECKILL_REDIS: 'redis://127.0.0.1:1' } })
    expect(code).toBe(10)
    expect(stderr).toContain('redis private (default)')
    expect(stdout).toMatch(/^FAIL {2}list-naive/)
    expect(stdout).toContain('LREM goods_a 2 1 → 1')
    expect(stdout).toContain('--quantity 2,2 --replay 11222211')
  })

  it('10 again for the order that it printed', async () => {
    const { code, stdout } = await seckill([...RACE, '--replay', '11222211'])
    expect(code).toBe(10)
    expect(stdout).toContain('no-oversell 超卖: 4 units')
  })

  it.each([
    [
      'explored to the end',
      ['--no-symmetry', '--no-real-time', '--stock', '9'],
      /pass {2}list-naive: no order breaks a rule \(all 70 of them, by 4 executions/,
    ],
    ['with the orders that it stands for', ['--no-symmetry', '--stock', '9'], / 6 │ +70 │/],
    ['within the bound that was asked for', ['--max-preemptions', '0'], /full search, at most 0 preemptions/],
  ])('0 where it was %s', async (_, flags, saying) => {
    const { code, stdout } = await seckill([...RACE, ...flags])
    expect(stdout).toMatch(saying)
    expect(code).toBe(0)
  })

  it('4 for a walk at random that found nothing', async () => {
    const { code, stdout } = await seckill([...RACE, '--stock', '9', '--explorer', 'random', '--budget', '100ms'])
    expect(code).toBe(4)
    expect(stdout).toMatch(/^inconclusive {2}list-naive: none of [\s\S]*the budget of 100.0 ms was over first/)
  })

  it('130 when interrupted, with what was found until then', async () => {
    const running = seckillStart([...RACE, '--stock', '9', '--explorer', 'random', '--json'])
    await running.waitFor('redis private')
    await running.waitFor('executions')
    running.kill('SIGINT')
    const { code, stdout } = await running.exited
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'inconclusive', stopped: 'interrupted', exhaustive: false })
  })
})

it('names its own keys on a Redis that is not its own', async () => {
  const { code, stdout } = await seckill([...RACE, '--redis', testRedisUrl()])
  expect(code).toBe(10)
  expect(stdout).toMatch(/LREM goods_race-[0-9a-f]{8} 2 1/)
})

it('writes the timeline as an SVG', async () => {
  await seckill([...RACE, '--svg', 'race.svg'])
  expect(readFileSync(join(testFolder(), 'race.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  const { code, stderr } = await seckill([...RACE, '--svg', 'no/such/folder.svg'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/error: cannot write no\/such\/folder.svg/)
})

it('the independence table holds on this server', async () => {
  const { code, stdout } = await seckill(['race', '--prove-independence', '--json', '--redis', testRedisUrl()])
  expect(code).toBe(0)
  const { independence } = JSON.parse(stdout)
  expect(independence.counterexamples).toEqual([])
  expect(independence.independent).toBeGreaterThan(1_000)
})

it.each([
  [['race'], /nothing to race/],
  [['race', '--strategy', 'list-naiv'], /no strategy "list-naiv"/],
  [[...RACE, '--users', '6'], /users 6 cannot race; 1 to 5 of them/],
  [[...RACE, '--users', 'axe'], /users "axe"/],
  [[...RACE, '--replay', '13'], /"13" is no order of 2 buyers/],
  [[...RACE, '--replay', '112222111'], /does not fit what races: step 9: alice has nothing to do there; name users/],
  [['race', '--strategy', 'list-naive', '--replay', '11'], /one setting only/],
  [[...RACE, '--explorer', 'dpor', '--max-preemptions', '1'], /needs full search/],
  [[...RACE, '--explorer', 'best'], /one of: exhaustive, dpor, random, pct/],
  [[...RACE, '--quantity', '1,x'], /whole number from 1 to 1000/],
  [['race', '--strategy', 'list-basic', '--quantity', '2'], /sells 1 unit/],
  [['race', '--all-strategies', '--stock', '2'], /without --stock/],
])('bad input: %j', async (args, saying) => expectRefusal(await seckill(args), 2, saying))

it('the program of docs/race.md fails with the timeline', async () => {
  const [program] = blocksOf(readDocument('docs/race.md')).filter(({ language }) => language === 'js')
  const library = pathToFileURL(pathOf('dist/index.js')).href
  writeFileSync(join(testFolder(), 'race.mjs'), program!.text.replace("'seckill'", JSON.stringify(library)))
  const { code, stderr } = await shell('"$NODE" race.mjs')
  expect(stderr).toMatch(/claim-first has a race[\s\S]*DECRBY goods_race-\w+ 1 → -1/)
  expect(code).toBe(1)
})
