import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { SECKILL_BIN, seckill, testFolder } from '../helpers/cli.js'

const ask = async (...words: string[]) => {
  const { stdout, stderr, code } = await seckill(['complete', '--', ...words])
  expect([code, stderr]).toEqual([0, ''])
  const lines = stdout.trimEnd().split('\n')
  expect(lines.pop()).toBe(':4')
  return lines.map((line) => line.split('\t')[0])
}

describe('completion', () => {
  it.each<[string[], string[]]>([
    [['bl'], ['blast']],
    [
      ['--json', 'st'],
      ['status', 'strategies'],
    ],
    [['blast', '--thre'], ['--threshold']],
    [
      ['simulate', '--strategy', 'counter-l'],
      ['counter-lock', 'counter-lua'],
    ],
    [
      ['simulate', '--strategy', 'queue'],
      ['queue', 'queue-naive', 'queue-gap'],
    ],
    [
      ['redis', ''],
      ['start', 'stop'],
    ],
    [
      ['status', '--lang', ''],
      ['en', 'zh'],
    ],
    [['race', '--explorer', 'd'], ['dpor']],
    [['blast', '--users', ''], []],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', 'powershell'],
    ],
  ])('%j: %j', async (words, answer) => expect(await ask(...words)).toEqual(answer))

  it('knows sale files, folders and runs', async () => {
    const folder = testFolder()
    mkdirSync(join(folder, 'scenarios'))
    mkdirSync(join(folder, '.seckill', 'runs'), { recursive: true })
    writeFileSync(join(folder, 'scenarios', 'noon.yaml'), '')
    writeFileSync(join(folder, 'scenarios', 'notes.txt'), '')
    writeFileSync(join(folder, '.seckill', 'runs', '20261124-120000-blast-a1b2.run'), '')
    expect(await ask('run', '')).toEqual(['scenarios/'])
    expect(await ask('run', 'scenarios/n')).toEqual(['scenarios/noon.yaml'])
    expect(await ask('audit', '--file', 'scenarios/')).toEqual(['scenarios/noon.yaml'])
    expect(await ask('report', '2026')).toEqual(['20261124-120000-blast-a1b2'])
  })

  it.each<[string[], string]>([
    [['simulate', '--strategy', 'list-n'], 'list-naive'],
    [['status', '--lang', '=', 'z'], 'zh'],
    [['redis', ''], 'start stop'],
    [['status', "'$(touch evaluated)'", ''], ''],
  ])('works in bash behind %j', async (words, replies) => {
    const folder = testFolder()
    writeFileSync(join(folder, 'seckill'), `#!/bin/sh\nexec '${process.execPath}' '${SECKILL_BIN}' "$@"\n`)
    chmodSync(join(folder, 'seckill'), 0o755)
    const ask = `source <(seckill completion bash); source <(seckill completion bash); complete -p seckill
      COMP_WORDS=(seckill "$@"); COMP_CWORD=$#; _seckill; echo "\${COMPREPLY[@]}"`
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', ask, 'bash', ...words], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}` },
    })
    expect([stdout, stderr]).toEqual([`complete -F _seckill seckill\n${replies}\n`, ''])
    expect(existsSync(join(folder, 'evaluated'))).toBe(false)
  })

  it.each(['zsh', 'fish', 'powershell'])('has a script for %s', async (shell) => {
    const { code, stdout, stderr } = await seckill(['completion', shell, '--json'])
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'completion',
      shell,
      script: expect.stringMatching(/seckill complete '?--/),
    })
  })

  it('names the shells that it knows', async () => {
    const { code, stderr } = await seckill(['completion', 'tcsh'])
    expect([code, stderr]).toEqual([2, 'error: no completion for "tcsh"; one of: bash, zsh, fish, powershell\n'])
  })
})
