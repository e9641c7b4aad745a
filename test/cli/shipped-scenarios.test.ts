import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seckill, testFolder } from '../helpers/cli.js'
import { envOf, SCENARIOS, scenarioFiles } from '../helpers/shipped-scenarios.js'

const run = (file: string, options = {}) =>
  seckill(['run', join(SCENARIOS, file)], { env: envOf(file, testFolder(), options), timeoutMs: 60_000 })

it.each(scenarioFiles())('%s is as expected', async (file) => {
  const { code, stdout, stderr } = await run(file)
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/^as expected {2}/)
})

it('the naive shop is no shop for the scenario of the right one', async () => {
  const { code, stdout } = await run('sharded-stock.yaml', { naive: true })
  expect(stdout.split('\n')[0]).toMatch(/^FAIL .*expected pass, found fail \(.*no-undersell.*\)$/)
  expect(code).toBe(10)
})
