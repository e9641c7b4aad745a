import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { freePort } from '../../src/redis/server-process.js'
import { seckill, shell, steady, testFolder } from '../helpers/cli.js'
import { type Block, blocksOf, type Example, examplesOf, pathOf, readDocument } from '../helpers/docs.js'
import { stopFolderRedisAfter } from './world.js'

const README = readDocument('README.md')
const blocks = blocksOf(README)

/** Beyond what every text for people loses: figures, names, seeds, how the naive counter fails, and the progress that only a slow machine shows. */
const comparable = (text: string): string =>
  steady(text)
    .replace(/^[\d,]+ of [\d,]+ attempts .*\n?/gm, '')
    .replace(/^(?:warning: )?these figures are (?:invalid|suspect): .*\n?/gm, '')
    .replace(/(?<=^run log ).*\/(?=\.seckill\/)/gm, 'FOLDER/')
    .replace(/\bu[0-9a-hjkmnp-tv-z]{8}\b/g, 'USER')
    .replace(/\d+(?:[,.]\d+)*/g, 'N')
    // A shop that reads all it gets before it writes refuses nobody: then one kind of answer is left.
    .replace(/^(warning: no rule for .*)(?:\n\1)+$/gm, '$1')
    .replace(/^(│ counter-naive │.*│) -?N (│ N │ fail │) .* │$/gm, '$1 N $2 RULES │')
    .replace(/ +$/gm, '')
    .trimEnd()

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * What was printed, or, where the example matches it, the example itself. A `…` line stands for any lines, behind a row of a
 * table also for the rest of its last cell.
 */
const asShown = (printed: string, shown: string): string => {
  const pattern = escaped(`\n${shown}\n`).replaceAll(' │\n…\n', '(?: .*)? │\n…\n').replaceAll('\n…\n', '\n(?:.*\n)*?')
  return new RegExp(`^${pattern}$`).test(`\n${printed}\n`) ? shown : printed
}

/**
 * In a `race` block the verdict depends on who comes last; in a `broken` one the way in which the sale fails does. In both,
 * so does what stands between the winners and the verdict.
 */
const verdictOpen = (text: string, { words }: Block): string => {
  if (!words.some((word) => word === 'race' || word === 'broken')) return text
  const open = text.replace(/^(N units; N people were told they won);.*\n(?:witnesses disagree: .*\n)*/gm, '$1\n')
  return words.includes('race')
    ? open.replace(/^(FAIL|pass)(?= \(N of N rules)/gm, 'VERDICT')
    : open.replace(/^(FAIL .*)[\s\S]*$/gm, '$1').replaceAll(' -N', ' N')
}

/** Every example gets ports of its own, and the default target is written out, so that no fixed port is needed. */
const onFreePorts = async (command: string): Promise<string> => {
  const host = `http://127.0.0.1:${await freePort()}`
  if (!command.startsWith('seckill blast ')) return command
  return /http:\/\//.test(command)
    ? command.replace(/http:\/\/127\.0\.0\.1:\d+/, host)
    : command.replace('seckill blast', `seckill blast ${host}${/--path/.test(command) ? '' : '/seckill'}`)
}

/** Runs one example; its exit code. An `echo $?` tells that of the command before. */
const runExample = async ({ command, output }: Example, block: Block, codeBefore: number | null) => {
  const script = command.replaceAll('$?', String(codeBefore))
  const { code, stdout } = await shell(`{ ${await onFreePorts(script)}\n} 2>&1`, { timeoutMs: 60_000 })
  const [printed, shown] = [stdout, output].map((text) => verdictOpen(comparable(text), block)) as [string, string]
  if (command === 'echo $?') expect.soft(stdout.trim(), 'exit code').toBe(output)
  else if (output !== '') expect.soft(asShown(printed, shown), command).toBe(shown)
  return code
}

/** Exit codes that an example may have where no `echo $?` follows: a slow machine may not produce a `rate`. */
const allowedCodes = ({ words }: Block): readonly (number | null)[] =>
  words.includes('race') ? [0, 10] : words.includes('rate') ? [0, 4] : [0]

const runExamples = async (blocks: readonly Block[]): Promise<void> => {
  for (const block of blocks.filter(({ language }) => language === 'console')) {
    const examples = examplesOf(block)
    let code: number | null = null
    for (const [i, example] of examples.entries()) {
      code = await runExample(example, block, code)
      if (examples[i + 1]?.command !== 'echo $?') expect.soft(allowedCodes(block), example.command).toContain(code)
    }
  }
}

it('the examples of README.md print what it shows', { timeout: 240_000 }, async () => {
  stopFolderRedisAfter()
  symlinkSync(pathOf('node_modules'), join(testFolder(), 'node_modules'))
  for (const { language, text } of blocks) {
    const [, name] = /^\/\/ (\S+\.mjs)\n/.exec(text) ?? []
    if (language === 'js' && name) writeFileSync(join(testFolder(), name), text)
  }
  await runExamples(blocks)
})

it('the examples of docs/doctor.md print what it shows', async () => {
  stopFolderRedisAfter()
  await runExamples(blocksOf(readDocument('docs/doctor.md')))
})

it('the program of docs/run-log.md reads a run log', async () => {
  const [program] = blocksOf(readDocument('docs/run-log.md')).filter(({ language }) => language === 'js')
  const library = pathToFileURL(pathOf('dist/index.js')).href
  writeFileSync(join(testFolder(), 'read.mjs'), program!.text.replace("'seckill'", JSON.stringify(library)))
  const buy = 'simulate --strategy counter-lua --stock 3 --users 2 --quantity 2 --concurrency 1 --usernames sequential'
  await seckill([...buy.split(' '), '--redis', 'private', '--out', 'two.run'])
  const { stdout, stderr } = await shell('"$NODE" read.mjs two.run')
  expect(stdout.replace(/\d+\.\d ms/, 'TIME'), stderr).toBe(`strategy counter-lua: 2 attempts, complete
user-000001 got 2 after TIME
sold: 0 sold
insufficient_stock: 0 insufficient_stock
`)
})
