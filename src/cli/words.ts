import { readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Option } from 'commander'
import { PRESETS } from '../history/presets.js'
import { listRuns } from '../history/runs-folder.js'
import { LANGUAGES } from '../language/choose.js'
import { STRATEGIES } from '../strategies/index.js'
import { SHELLS } from './commands/completion.js'

/** Where the words come from that could stand in a place of the command line, and what has been typed of one. */
interface Place {
  readonly cwd: string
  readonly typed: string
}

/** What could stand in a place. */
export type Words = (place: Place) => readonly string[]

const fixed =
  (words: readonly string[]): Words =>
  () =>
    words

/** Entries of the folder that has been typed so far: folders end in a slash. */
const files =
  (wanted: RegExp): Words =>
  ({ cwd, typed }) => {
    const folder = typed.endsWith('/') ? typed : dirname(typed)
    const before = typed.includes('/') ? folder.replace(/\/?$/, '/') : ''
    try {
      return readdirSync(resolve(cwd, folder), { withFileTypes: true })
        .filter((entry) => entry.name.startsWith('.') === basename(`${typed} `).startsWith('.'))
        .filter((entry) => entry.isDirectory() || wanted.test(entry.name))
        .map((entry) => `${before}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    } catch {
      return []
    }
  }

const anyFile = files(/(?:)/)
const saleFile = files(/\.ya?ml$/)
const runs: Words = ({ cwd }) => listRuns(join(cwd, '.seckill', 'runs')).map((path) => basename(path, '.run'))

const OF_OPTION: Readonly<Record<string, Words>> = {
  '--strategy': fixed(STRATEGIES.map(({ name }) => name)),
  '--preset': fixed(PRESETS),
  '--lang': fixed(LANGUAGES),
  '--file': saleFile,
  '--run': runs,
}

/** What an option's value could be; nothing where any text is as good as another. */
export const wordsOfOption = (option: Option): Words => {
  const known = OF_OPTION[option.long ?? '']
  if (known) return known
  const { words = null } = (option.parseArg ?? {}) as { readonly words?: readonly string[] }
  if (words) return fixed(words)
  return /<(?:file|folder)>/.test(option.flags) ? anyFile : fixed([])
}

const OF_COMMAND: Readonly<Record<string, Words>> = {
  run: saleFile,
  report: runs,
  redis: fixed(['start', 'stop']),
  completion: fixed(SHELLS),
}

/** What could stand behind a command's name. */
export const positionalWords = (command: string): Words | undefined => OF_COMMAND[command]
