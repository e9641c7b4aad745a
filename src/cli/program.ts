import { Command, Option } from 'commander'
import { commands } from './commands/index.js'
import { type CommandResult, Context } from './context.js'
import type { Io } from './io.js'
import { type GlobalOptions, seed } from './options.js'
import { type CommandSpec, GROUPS } from './spec.js'
import { requireWritable, type VerdictOptions, writeVerdict } from './verdict-files.js'

/** A call as main follows it: `context` once a command runs, `result` once it is through. */
export interface Call {
  context?: Context
  result?: CommandResult
}

/**
 * Builds the command line, with the options of the command that is called. Every command takes the global options, after
 * its name too. Commander's own exits (usage errors, help, version) are thrown: `exitOverride` must stand before
 * subcommands are made, which inherit it.
 */
export const buildProgram = async (io: Io, version: string, call: Call): Promise<Command> => {
  const program = new Command('seckill')
    .description('Seed, load and audit a flash sale (秒杀) on Redis')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Usage errors are told once, by main.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(100, Math.max(60, io.stdout.columns)),
    })
    .helpCommand(false)
    .addHelpText('after', '\nseckill COMMAND --help shows the options and examples of a command.')
  addGlobalOptions(program, true)
  for (const entry of commands) {
    const command = program
      .command(entry.args ? `${entry.name} ${entry.args}` : entry.name)
      .description(entry.summary)
      .helpGroup(GROUPS[entry.group])
    if (io.argv.includes(entry.name)) equip(command, entry.name, await entry.load(), io, call)
  }
  return program
}

const equip = (command: Command, name: string, spec: CommandSpec, io: Io, call: Call): void => {
  command.allowExcessArguments(false)
  spec.configure?.(command)
  addGlobalOptions(command, false)
  command.addHelpText('after', `\nExamples:\n${spec.examples.map((example) => `  $ ${example}`).join('\n')}`)
  command.action(async () => {
    const options = command.optsWithGlobals<GlobalOptions>()
    call.context = new Context(io, name, options)
    const files = command.opts<VerdictOptions>()
    await requireWritable(call.context, files)
    const result = await spec.run(call.context, options, command.args)
    await writeVerdict(call.context, files, result)
    call.result = result
  })
}

/** Taken before the command's name and after it; shown in the help of the command. */
const addGlobalOptions = (command: Command, hidden: boolean): void => {
  const add = (flags: string, text: string, parse?: (value: string) => unknown) => {
    const option = new Option(flags, text).helpGroup('Global options:').hideHelp(hidden)
    if (parse) option.argParser(parse)
    command.addOption(option)
  }
  add('--file <path>', 'sale file (default: seckill.yaml, if it lies here)')
  add(
    '--redis <url>',
    'redis://, rediss://, unix://, redis+sentinel://, redis+cluster://; or private, where that makes sense',
  )
  add('--sale <id>', 'id of the sale (default: a)')
  add('--json', 'one JSON document on stdout')
  add('--quiet', 'no progress and hints on stderr')
  add('--color', 'colour even into a pipe')
  add('--no-color', 'no colour')
  add('--seed <n>', 'repeat a run: the same users and quantities', seed)
  add('--dry-run', 'say what would be done, and do nothing')
  add('--force', 'overwrite keys that init did not write')
  add('--yes', 'answer every question with yes')
  add('--allow-remote <hosts>', 'hosts other than this machine that may be written or fired at')
  add('--runs-dir <folder>', 'where run logs lie (default: .seckill/runs)')
  add('--lang <en|zh>', 'language of messages (default: of the locale)')
  add('--debug', 'show stack traces')
}
