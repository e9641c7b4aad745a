import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { seckill, testFolder } from '../helpers/cli.js'
import { seckillHere } from '../helpers/in-process-cli.js'

it('an export waits for its reader, piece by piece: a log may be longer than memory', async () => {
  const buy =
    'simulate --strategy counter-lua --stock 3 --users 50 --usernames sequential --redis private --out now.run'
  expect((await seckill(buy.split(' '))).code).toBe(0)
  const asked: (() => void)[] = []
  const room = () => new Promise<void>((resolve) => asked.push(resolve))
  let ended = false
  const run = seckillHere(['report', 'now.run', '--format', 'csv'], { cwd: testFolder(), env: {}, room })
  void run.finally(() => {
    ended = true
  })
  let pieces = 0
  while (!ended) {
    await turn()
    expect(asked.length).toBeLessThanOrEqual(1)
    const next = asked.pop()
    if (next === undefined) continue
    pieces++
    next()
  }
  const { code, stdout } = await run
  expect([code, stdout.trim().split('\n').length]).toEqual([0, 51])
  expect(pieces).toBeGreaterThan(1)
})
