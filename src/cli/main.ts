import { CommanderError } from 'commander'
import { EXIT, messageOf, SeckillError } from '../errors.js'
import { say } from '../language/say.js'
import { commands } from './commands/index.js'
import { SCHEMA_VERSION } from './context.js'
import { type Io, processIo } from './io.js'
import { chooseLanguageOf } from './language.js'
import { buildProgram, type Call } from './program.js'
import { usageOf } from './usage.js'
import { version } from './version.js'

/** Runs the command line of this process; resolves with its exit code. */
export const main = (): Promise<number> => run(processIo())

/** Runs one call of `seckill`; the exit code. The only catch-all: every error becomes one line, or one JSON document. */
export const run = async (io: Io): Promise<number> => {
  const call: Call = {}
  try {
    await chooseLanguageOf(io)
    const program = await buildProgram(io, version(), call)
    if (io.argv[0] === 'complete') {
      const { answerShell } = await import('./complete.js')
      return answerShell(io, program)
    }
    await program.parseAsync(wordsOf(io.argv), { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok
    const known = await explain(error)
    const exitCode = call.context?.interrupted.aborted ? call.context.interruptedCode : known.exitCode
    tell(io, known, exitCode)
    return exitCode
  }
  const { context, result } = call
  if (!context || !result) return EXIT.ok
  if (context.json && result.json !== null) context.document(result.json)
  return context.interrupted.aborted ? context.interruptedCode : result.exitCode
}

/** `seckill` alone and `seckill help COMMAND` are calls of `--help`. */
const wordsOf = ([first = 'help', ...words]: readonly string[]): string[] =>
  first === 'help' ? [...words, '--help'] : [first, ...words]

/** Any error as one of ours: usage from commander, Redis trouble from a command in between, or a bug. */
const explain = async (error: unknown): Promise<SeckillError> => {
  if (error instanceof SeckillError) return error
  if (error instanceof CommanderError) return usageOf(error)
  const { RedisFailure } = await import('../redis/port.js')
  if (error instanceof RedisFailure) {
    const { troubleOf } = await import('../redis/failure.js')
    return troubleOf(error, '')
  }
  return new SeckillError(
    'unexpected',
    messageOf(error),
    say`this is a bug: run it again with --debug and report what it prints`,
    error,
  )
}

const tell = (io: Io, error: SeckillError, exitCode: number): void => {
  const { argv } = io
  if (argv.includes('--json')) {
    const { code, message, hint = null } = error
    const command =
      commands.find(({ name }) => argv.includes(name))?.name ?? argv.find((word) => !word.startsWith('-')) ?? null
    io.stdout.write(
      `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, command, error: { code, message, hint }, exitCode })}\n`,
    )
  } else {
    const line = error.hint === undefined ? error.message : say`${error.message}; ${error.hint}`
    io.stderr.write(`${say`error: ${line}`}\n`)
  }
  if (io.env.GITHUB_ACTIONS === 'true')
    io.stderr.write(`::error title=seckill::${error.message.replaceAll('%', '%25').replaceAll('\n', '%0A')}\n`)
  if (argv.includes('--debug'))
    io.stderr.write(`${error.stack}\n${error.cause instanceof Error ? `${error.cause.stack}\n` : ''}`)
}
