import { execFileSync } from 'node:child_process'
import { PassThrough } from 'node:stream'
import type { Io, Output } from '../../src/cli/io.js'
import { run } from '../../src/cli/main.js'
import { SECKILL_BIN } from './cli.js'

/** What a line of `seckill …` hands to the program, as a shell splits it. */
export const wordsOf = (line: string): string[] =>
  execFileSync('sh', ['-c', `set -- ${line.replace(/^seckill /, '')}\nprintf '%s\\0' "$@"`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)

/** Runs the program in this process: the same parser, checks and commands, without starting node anew. */
export const seckillHere = async (
  argv: readonly string[],
  { cwd, env, room = async () => {} }: Pick<Io, 'cwd' | 'env'> & Partial<Pick<Output, 'room'>>,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> => {
  const said = { stdout: '', stderr: '' }
  const output = (name: keyof typeof said): Output => ({
    write: (text) => {
      said[name] += text
    },
    room,
    ...{ isTerminal: false, columns: 80, stream: new PassThrough().resume() },
  })
  const code = await run({
    ...{ argv, env, cwd, canAsk: false, stdout: output('stdout'), stderr: output('stderr') },
    self: { node: process.execPath, bin: SECKILL_BIN },
    ask: async () => '',
    onStopSignal: () => {},
    exit: () => {
      throw new Error('the program ended at once')
    },
  })
  return { code, ...said }
}
