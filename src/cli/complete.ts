import { type Complete, type Command as Completed, RootCommand } from '@bomb.sh/tab'
import type { Command, Option } from 'commander'
import { EXIT } from '../errors.js'
import { commands } from './commands/index.js'
import { type Io, printedBy } from './io.js'
import { positionalWords, type Words, wordsOfOption } from './words.js'

/**
 * Answers a shell that asks `seckill complete -- WORD…` what could come next. The program knows the options of the commands
 * that stand among the words, which are those that can be asked for. Exit code 0.
 */
export const answerShell = (io: Io, program: Command): number => {
  const words = io.argv.slice(io.argv[1] === '--' ? 2 : 1)
  const root = new RootCommand()
  takeOptions(io, root, program, words)
  for (const command of program.commands) {
    const completed = root.command(command.name(), command.description())
    takeOptions(io, completed, command, words)
    const values = positionalWords(command.name())
    const variadic = commands.find(({ name }) => name === command.name())?.args?.includes('...')
    if (values) completed.argument('argument', handlerOf(io, values, words), variadic)
  }
  io.stdout.write(`${printedBy(() => root.parse([...words]))}\n`)
  return EXIT.ok
}

const takeOptions = (io: Io, to: Completed, { options }: Command, words: readonly string[]): void => {
  for (const option of options) {
    if (!option.long) continue
    const name = option.long.slice(2)
    const short = option.short?.slice(1)
    if (takesValue(option)) to.option(name, option.description, handlerOf(io, wordsOfOption(option), words), short)
    else to.option(name, option.description, short ?? '')
  }
}

const takesValue = (option: Option): boolean => option.required || option.optional

/** The last word is what has been typed of the value, behind `--option=` or alone. */
const handlerOf =
  (io: Io, values: Words, words: readonly string[]) =>
  (complete: Complete): void => {
    const last = words.at(-1) ?? ''
    const typed = last.startsWith('-') ? last.slice(last.indexOf('=') + 1) : last
    for (const value of values({ cwd: io.cwd, typed })) complete(value, '')
  }
