import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type CliResult, SECKILL_BIN, shell, testFolder } from '../helpers/cli.js'
import { pathOf, readDocument } from '../helpers/docs.js'
import { RACE, smallSale } from '../helpers/scenario.js'

const SCENARIO = smallSale('counter-naive', RACE)

interface Step {
  readonly name?: string
  readonly run?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
}

const ACTION = parse(readFileSync(pathOf('action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

/** `npx --yes seckill…` is the program of this repository. */
const run = (script: string, scenario: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> => {
  const bin = join(testFolder(), 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift 2\nexec ${process.execPath} ${SECKILL_BIN} "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  writeFileSync(join(testFolder(), 'seckill.yaml'), scenario)
  return shell(`PATH="${bin}:$PATH"\n${script}`, { env, timeoutMs: 60_000 })
}

const screen = ({ stdout }: CliResult): string => stdout.split('\n').slice(0, 25).join('\n')

describe('action.yml', () => {
  const text = readFileSync(pathOf('action.yml'), 'utf8')

  it('is a composite action whose inputs are described, and used', () => {
    expect(ACTION.runs.using).toBe('composite')
    for (const [name, { description, default: value }] of Object.entries(ACTION.inputs)) {
      expect(description).not.toBe('')
      expect(value, name).toBeDefined()
      expect(text).toContain(`\${{ inputs.${name} }}`)
    }
    expect(ACTION.runs.steps.at(-1)?.if).toBe('always()')
  })

  it('runs the scenario: red, then green, with its files', async () => {
    const step = ACTION.runs.steps.find(({ name }) => name === 'seckill run') as Required<Step>
    const given = (value: string) =>
      value.replace(/\$\{\{ inputs\.(\w+) \}\}/, (_, name: string) => ACTION.inputs[name]?.default ?? '')
    const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, given(value)]))
    const red = await run(step.run, SCENARIO, { ...env, GITHUB_ACTIONS: 'true', ARGS: '--threshold "p99 < 1m"' })
    expect(red.code, red.stdout + red.stderr).toBe(10)
    expect(red.stderr).toContain('::error title=expect')
    for (const file of ['seckill.xml', 'seckill.html', 'runs'])
      expect(existsSync(join(testFolder(), env.FOLDER as string, file)), file).toBe(true)
    const green = await run(step.run, SCENARIO.replace('naive', 'lua'), env)
    expect(green.code, green.stdout + green.stderr).toBe(0)
  })
})

describe('docs/ci.md', () => {
  const blocks = [...readDocument('docs/ci.md').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, kind, text]) => ({
    kind,
    text: text as string,
  }))

  it('the GitLab job: red with the reason in the first screen, green once it is repaired', async () => {
    const [, gitlab] = blocks.filter(({ kind }) => kind === 'yaml')
    const { script, artifacts } = parse(gitlab?.text ?? '').sale
    const red = await run(script.join('\n'), SCENARIO)
    expect(red.code).toBe(10)
    expect(screen(red)).toMatch(/^FAIL {2}seckill\.yaml: expected pass, found fail/)
    expect(existsSync(join(testFolder(), artifacts.reports.junit))).toBe(true)
    const green = await run(script.join('\n'), SCENARIO.replace('naive', 'lua'))
    expect(green.code, green.stdout + green.stderr).toBe(0)
  })

  it('the GitHub workflow gives the action inputs that it has', () => {
    const { steps } = parse(blocks[0]?.text ?? '').jobs.sale
    for (const name of Object.keys(steps.at(-1).with)) expect(ACTION.inputs).toHaveProperty(name)
  })
})
