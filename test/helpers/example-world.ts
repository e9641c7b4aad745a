import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../src/redis/server-process.js'
import { type RunningCli, SECKILL_BIN, shellStart, testFolder } from './cli.js'
import { blocksOf, DOCUMENTS, pathOf, readDocument } from './docs.js'
import { shopCommand } from './foreign-shops.js'
import { seckillHere, wordsOf } from './in-process-cli.js'
import { startPrivateRedis } from './private-redis.js'
import { RACE, smallSale } from './scenario.js'

/** What examples of the documents stand beside: a Redis, a shop at the address that they name. */
export interface ExampleWorld {
  /** Starts a line of a document, made small and on ports of its own, in the folder of the test; `files` lie there. */
  start(line: string, files?: Readonly<Record<string, string>>): Promise<RunningCli>
  /** The same as far as `--dry-run` goes, in this process. */
  foretell(line: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>
  close(): Promise<void>
}

const foreignShop = `exec '${process.execPath}' '${pathOf('test/fixtures/shops/any-language.mjs')}' "$@"`

/** Programs that examples name, and what does their work here. */
const PROGRAMS = { psql: 'echo alice,1', jq: 'cat', gunicorn: foreignShop, java: foreignShop, python3: foreignShop }

const PLAN = readDocument('test/fixtures/plans/document.jmx')

/** Beside the files that documents show. */
const FILES = {
  'plan.jmx': PLAN,
  'document.jmx': PLAN,
  'tokens.csv': 'user,token\nann,t1\nbob,t2\n',
  'orders.csv': 'customer,qty\nalice,1\n',
}

/** Answers of the shop by path; elsewhere a purchase is the document's. */
const ANSWERS: readonly (readonly [path: RegExp, status: number, answer: unknown])[] = [
  [/^\/order$/, 202, { ticket: 't1' }],
  [/^\/orders\//, 200, { state: 'sold', status: 2 }],
  [/^\/user\/login$/, 200, { success: true, data: 'token' }],
  [/^\/miaosha\/path/, 200, { code: 0, data: 'hidden' }],
  [/./, 200, '恭喜您，您已抢到。'],
]

const openShop = async () => {
  const server = createServer((request, response) => {
    const [, status, answer] = ANSWERS.find(([path]) => path.test(request.url ?? '')) as (typeof ANSWERS)[number]
    request.resume().on('end', () => response.writeHead(status).end(JSON.stringify(answer)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** A sale that is over, judged by every example that only reads: in a database of its own. */
const SOLD = 'seckill simulate --strategy counter-lua --stock 50 --users 60 --seed 7'
const READS = /^seckill (audit|status|report)/

/** What has to be there before an example, by what it asks for. */
const before = (line: string): string | undefined => {
  const [keys] = /--stock-key \S+ --records-key \S+/.exec(line) ?? []
  if (keys !== undefined) return `seckill init --sale other --force --layout counter --stock 50 ${keys}`
  if (line.startsWith('seckill redis stop')) return 'seckill redis start'
  if (!/^seckill (blast.*--start|buy|simulate|reset|worker)/.test(line)) return undefined
  const layout = /counter|queue|^seckill worker/.test(line) ? 'counter' : 'list'
  return `seckill init --stock 50 --force --layout ${layout} ${/--sale \S+/.exec(line) ?? ''}`
}

/** Programs, files, and the library as a dependency, in the folder of the test. */
const furnish = (line: string, sold: string): void => {
  const folder = testFolder()
  if (existsSync(join(folder, 'bin'))) return
  mkdirSync(join(folder, 'bin'))
  for (const [name, script] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  if (READS.test(line)) cpSync(sold, folder, { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(pathOf('.'), join(folder, 'node_modules', 'seckill'))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  for (const { language, words, text } of DOCUMENTS.flatMap((name) => blocksOf(readDocument(name))))
    if (language === 'csv') writeFileSync(join(folder, words[0] as string), text)
  if (/^seckill run(?! http)/.test(line)) writeFileSync(join(folder, 'seckill.yaml'), smallSale('counter-lua', RACE))
}

const fewer = (text: string): string => text.replace(/(?<=users:? )\d{3,}/g, '40')

/** Fewer users, shorter, on free ports. */
const small = async (line: string): Promise<string> => {
  const few = /^seckill blast(?!.*(--users|--usernames @|--duration))/.test(line) ? `${line} --users 40` : fewer(line)
  const [, scenario] = /^SHOP=.*scenarios\/([\w-]+)\.yaml/.exec(line) ?? []
  return few
    .replace(/SHOP='[^']*'/, () => `SHOP="${shopCommand(`${scenario}.mjs`, 'script')}"`)
    .replace('"COMMAND"', '"seckill serve"')
    .replace(/(?<=--duration )\d+s/, '500ms')
    .replaceAll(/(?<=:|--(?:listen|port) )(?:6390|5000)\b/g, String(await freePort()))
}

/** What is done before an example; it has to work. */
const quietly = (script: string, cwd: string, env: Readonly<Record<string, string>>) => {
  const seckill = `seckill() { '${process.execPath}' '${SECKILL_BIN}' "$@"; }`
  return promisify(execFile)('sh', ['-c', `${seckill}\n${script}`], { cwd, env: { PATH: process.env.PATH, ...env } })
}

export const openExampleWorld = async (): Promise<ExampleWorld> => {
  const [redis, shop] = await Promise.all([startPrivateRedis(), openShop()])
  const here = (text: string) => text.replace(/127\.0\.0\.1:(?:5000|8080)\b/g, shop.host)
  /** A shop that is not started by the line is the one here, also where the line names none. */
  const onShop = (line: string) =>
    /--start|^seckill (?!blast|buy|doctor)/.test(line)
      ? line
      : here(/http:\/\/|--strategy/.test(line) ? line : line.replace(/(blast|buy)/, '$1 http://127.0.0.1:5000/seckill'))
  const sold = mkdtempSync(join(tmpdir(), 'seckill-examples-'))
  const env = (database: number) => ({ JWT_SECRET: 'Sesame', SECKILL_REDIS: `${redis.url}/${database}` })
  await quietly(`${SOLD} && for run in naive fixed main; do cp .seckill/runs/*.run $run.run; done`, sold, env(1))
  const envOf = (line: string) => {
    const PATH = `${join(testFolder(), 'bin')}:${process.env.PATH}`
    return { ...env(READS.test(line) ? 1 : 0), PATH, HOME: testFolder() }
  }
  return {
    foretell: async (line) => {
      furnish(line, sold)
      const here = { cwd: testFolder(), env: envOf(line) }
      const first = before(line)
      if (first) await seckillHere(wordsOf(first), here)
      return seckillHere([...wordsOf(await small(onShop(line))), '--dry-run'], here)
    },
    start: async (line, files = {}) => {
      furnish(line, sold)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(testFolder(), name), here(fewer(text)))
      const options = { env: envOf(line), timeoutMs: 60_000 }
      const first = before(line)
      if (first) await quietly(first, testFolder(), options.env)
      return shellStart(await small(onShop(line)), options)
    },
    close: async () => {
      shop.close()
      rmSync(sold, { recursive: true, force: true })
      await redis.stop()
    },
  }
}
