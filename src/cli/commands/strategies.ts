import { EXIT } from '../../errors.js'
import { say } from '../../language/say.js'
import type { Context } from '../context.js'
import { defineCommand } from '../spec.js'

export const strategies = defineCommand({
  examples: ['seckill strategies', 'seckill strategies --json'],
  run: async (context) => {
    const { STRATEGIES } = await import('../../strategies/index.js')
    const { breaksText, commandsText } = await import('../../report/strategies.js')
    const { tableOf } = await import('../style.js')
    context.print(
      tableOf(
        [say`strategy`, say`layout`, say`breaks`, say`commands`],
        STRATEGIES.map((s) => [s.name, s.layout, breaksText(s, '\n'), commandsText(s)]),
        { lastWidth: commandsWidth(context) },
      ),
    )
    const list = STRATEGIES.map(({ name, layout, summary, breaks, requires = null }) => ({
      name,
      layout,
      summary,
      breaks,
      requires,
    }))
    return { json: { strategies: list }, exitCode: EXIT.ok }
  },
})

/** What the other columns leave of the line. */
const commandsWidth = ({ io: { stdout } }: Context): number =>
  Math.max(24, Math.min(84, (stdout.isTerminal ? stdout.columns : 144) - 60))
