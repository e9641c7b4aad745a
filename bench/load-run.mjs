// Runs of `seckill blast` as the load benches make them: without Redis, their logs in a folder that goes with the process.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinned, seckill } from './common.mjs'

const folder = mkdtempSync(join(tmpdir(), 'seckill-load-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const RULE = 'sold_out=text:sold out'

export const blastCommand = (url, ...flags) => {
  const world = ['--redis', 'redis://127.0.0.1:1', '--quiet', '--json', '--runs-dir', folder, '--outcome', RULE]
  return seckill('blast', url, ...flags.map(String), ...world)
}

/** What a run on core 1 says, while this process may serve. */
export const blast = async (url, ...flags) => JSON.parse(await output(pinned(1, blastCommand(url, ...flags))))

/** What a command prints; blast exits with 4 where the load was not what was asked for. */
export const output = ([program, ...args]) =>
  new Promise((resolve) => execFile(program, args, { maxBuffer: 1e9 }, (_error, stdout) => resolve(stdout)))
