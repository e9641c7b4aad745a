import type { Command } from 'commander'
import type { CommandResult, Context } from './context.js'

export const GROUPS = { try: 'Try:', sale: 'Sale:', fire: 'Fire:', judge: 'Judge:', more: 'More:' } as const

/** A command as the overview shows it. */
export interface CommandEntry {
  readonly name: string
  /** Positional arguments as commander writes them: `[url]`. */
  readonly args?: string
  readonly group: keyof typeof GROUPS
  readonly summary: string
  load(): Promise<CommandSpec>
}

/** What a command takes and does. */
export interface CommandSpec<Options extends object = object> {
  readonly examples: readonly string[]
  configure?(command: Command): void
  run(context: Context, options: Options, args: readonly (string | undefined)[]): Promise<CommandResult>
}

/** Types a command's options where it is written and forgets them where it is listed. */
export const defineCommand = <Options extends object>(spec: CommandSpec<Options>): CommandSpec =>
  spec as unknown as CommandSpec
