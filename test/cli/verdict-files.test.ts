import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesLeft, seckill, testFolder } from '../helpers/cli.js'
import { RACE, smallSale } from '../helpers/scenario.js'
import { expectRefusal } from './world.js'

const read = (name: string): string => readFileSync(join(testFolder(), name), 'utf8')

const SCENARIO = smallSale('counter-naive', RACE)

describe('what CI is told', () => {
  it('race: a case for each setting and threshold', async () => {
    const files = ['--junit', 'race.xml', '--prom-file', 'race.prom']
    const { code } = await seckill(['race', '--strategy', 'list-naive', '--threshold', 'schedules > 1000', ...files])
    expect(code).toBe(10)
    const xml = read('race.xml')
    expect(xml).toMatch(/<testsuite name="seckill race of list-naive" tests="\d+" failures="\d+"/)
    expect(xml).toMatch(/<failure message="[^"]+">hint: [^<]+\nnext: seckill race --strategy list-naive [^<]+</)
    expect(xml).toContain('name="schedules &gt; 1000"')
    expect(read('race.prom')).toMatch(/^seckill_race_schedules \d+$/m)
    expect(filesLeft().filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('run: red with the reason in the first screen, on GitHub beside the code', async () => {
    writeFileSync(join(testFolder(), 's.yaml'), SCENARIO)
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(testFolder(), 'summary.md') }
    const { code, stdout, stderr } = await seckill(['run', 's.yaml', '--junit', 'run.xml'], { env })
    expect(code).toBe(10)
    expect(stdout.split('\n').slice(0, 25).join('\n')).toMatch(/^FAIL {2}s\.yaml: expected pass, found fail/)
    const annotations = stderr.split('\n').filter((line) => line.startsWith('::'))
    expect(annotations[0]).toMatch(/^::error title=expect \(scenario s.yaml\)::expected pass, found fail/)
    expect(annotations.length).toBeLessThanOrEqual(10)
    expect(read('summary.md').match(/^### /gm)).toHaveLength(1)
    expect(read('run.xml')).toContain('<testcase classname="seckill.small" name="conservation">')
    // Once it is repaired the same line is green.
    writeFileSync(join(testFolder(), 's.yaml'), SCENARIO.replace('counter-naive', 'counter-lua'))
    const fixed = await seckill(['run', 's.yaml', '--junit', 'run.xml'], { env })
    expect(fixed.code, fixed.stdout + fixed.stderr).toBe(0)
    expect(fixed.stderr).not.toContain('::error')
    expect(read('run.xml')).toMatch(/<testsuites tests="\d+" failures="0" errors="0"/)
  })

  it('a load tells its generator and thresholds', async () => {
    const load = ['simulate', '--redis', 'private', '--stock', '5', '--strategy', 'counter-lua', '--users', '20']
    const { code } = await seckill([
      ...load,
      '--threshold',
      'sold == 0',
      '--junit',
      'load.xml',
      '--prom-file',
      'l.prom',
    ])
    expect(code).toBe(99)
    expect(read('load.xml')).toMatch(/name="sold == 0">\n\s+<failure message="threshold missed: \d"/)
    expect(read('l.prom')).toMatch(/^seckill_attempts\{target="counter-lua",outcome="sold"\} \d$/m)
  })

  it('an error ends as an annotation, too', async () => {
    const { code, stderr } = await seckill(['run', 'none.yaml'], { env: { GITHUB_ACTIONS: 'true' } })
    expect(code).toBe(2)
    expect(stderr).toContain('::error title=seckill::no sale file at none.yaml\n')
  })

  it('a path that cannot be written is refused before anything is done', async () => {
    for (const flag of ['--junit', '--prom-file']) {
      const refused = await seckill(['race', '--strategy', 'list-naive', flag, 'no/such.xml'])
      expectRefusal(refused, 2, /cannot write no\/such\.xml \(ENOENT\); check the path/)
    }
    expect(existsSync(join(testFolder(), '.seckill'))).toBe(false)
  })
})
