import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { testRedisUrl } from './redis.js'

export const SECKILL_BIN = fileURLToPath(new URL('../../bin/seckill.js', import.meta.url))

const TIMEOUT_MS = 25_000
const KEPT_VARIABLES = ['PATH', 'HOME', 'TMPDIR']

export interface CliOptions {
  /** Default: the folder of this test, see {@link testFolder}. */
  readonly cwd?: string
  /** Added to the few variables that are kept: no SECKILL_*, REDIS_*, NO_COLOR, CI; no locale, so that texts are English. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly timeoutMs?: number
}

export interface CliResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  stdout(): string
  stderr(): string
  /** Resolves once stdout or stderr contains `text`; rejects if the process ends without having said it. */
  waitFor(text: string | RegExp): Promise<void>
  /** Signals the whole process group, as a terminal does. */
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<CliResult>
}

let folder: string | undefined

/** An empty folder for the test that runs, removed after it. */
export const testFolder = (): string => {
  if (folder !== undefined) return folder
  const made = mkdtempSync(join(tmpdir(), 'seckill-cli-'))
  folder = made
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true })
    folder = undefined
  })
  return made
}

/** Files in the test's folder; the one by which `.seckill` ignores itself in git does not count. */
export const filesLeft = (): string[] =>
  readdirSync(testFolder(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.gitignore')
    .map((entry) => entry.name)

/** Run logs of the test's folder, oldest first. */
export const runLogs = (): string[] => {
  const runs = join(testFolder(), '.seckill', 'runs')
  return existsSync(runs)
    ? readdirSync(runs)
        .filter((name) => name.endsWith('.run'))
        .sort()
        .map((name) => join(runs, name))
    : []
}

/** Runs the real binary to its end. */
export const seckill = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  seckillStart(args, options).exited

/** Starts the real binary; whatever is left of it is killed after the test. */
export const seckillStart = (args: readonly string[], options: CliOptions = {}): RunningCli =>
  start(process.execPath, [SECKILL_BIN, ...args], options)

/** Runs a script of POSIX sh in which `seckill` is the real binary. */
export const shell = (script: string, options: CliOptions = {}): Promise<CliResult> =>
  shellStart(script, options).exited

export const shellStart = (script: string, options: CliOptions = {}): RunningCli => {
  const env = { ...options.env, NODE: process.execPath, BIN: SECKILL_BIN }
  return start('sh', ['-c', `seckill() { "$NODE" "$BIN" "$@"; }\n${script}`], { ...options, env })
}

/** Flags for a sale on the Redis that the tests share. */
export const on = (sale: string, redis = testRedisUrl()): string[] => ['--redis', redis, '--sale', sale]

const start = (file: string, args: readonly string[], options: CliOptions): RunningCli => {
  const { env = {}, input = '', timeoutMs = TIMEOUT_MS } = options
  const kept = KEPT_VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  const cwd = options.cwd ?? testFolder()
  const child = spawn(file, args, { cwd, env: { ...Object.fromEntries(kept), ...env }, detached: true })
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      for (const listener of listeners) listener()
    })
  }
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, signal)
  }
  const timer = setTimeout(() => kill('SIGKILL'), timeoutMs)
  const exited = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, ...said })
      for (const listener of listeners) listener()
    })
  })
  onTestFinished(async () => {
    kill('SIGKILL')
    await exited
  })
  const waitFor = (text: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const found = [said.stdout, said.stderr].some((all) =>
          typeof text === 'string' ? all.includes(text) : text.test(all),
        )
        if (found) resolve()
        else if (child.exitCode === null && child.signalCode === null) return
        else reject(new Error(`ended without saying ${text}:\n${said.stdout}${said.stderr}`))
        listeners.delete(look)
      }
      listeners.add(look)
      look()
    })
  return { stdout: () => said.stdout, stderr: () => said.stderr, waitFor, kill, exited }
}

/** What differs from run to run in what people read, each replaced by its name; tables lose their padding and line breaks. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  // What a busy machine adds.
  [/^these figures are suspect: .*\n/gm, ''],
  [/t-[0-9a-f]{12}/g, 'SALE'],
  [/\b\d{8}-\d{6}-([a-z]+)-[0-9a-f]{4}\b/g, 'DATE-$1-SALT'],
  [/\b(?:127\.0\.0\.1:\d+|unix \S+\.sock)\/\d+/g, 'REDIS'],
  [/\b127\.0\.0\.1:\d+/g, 'HOST'],
  [/\b\d+\.\d+ m?s\b/g, 'TIME'],
  [/[\d,]+\/s\b/g, 'RATE'],
  [/[\d,]+ bytes\b/g, 'N bytes'],
  [/(?<=│ +)\d+\.\d(?= +│)/g, 'TIME'],
  // The scale above drawn intervals.
  [/^ *TIME +TIME$/gm, '  TIME  TIME'],
  [/\d+ samples\b/g, 'N samples'],
  [/─+/g, '──'],
  [/(?<=│) +| +(?=│)/g, ' '],
  // A cell that goes on in the next row.
  [/ │\n(?:│ ){2,}/g, ' '],
]

/** A text for people as a snapshot can keep it. */
export const steady = (text: string): string =>
  VOLATILE.reduce((steadied, [what, name]) => steadied.replace(what, name), text.replaceAll(testFolder(), 'FOLDER'))
