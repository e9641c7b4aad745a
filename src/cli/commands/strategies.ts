import { EXIT } from '../../errors.js'
import { defineCommand } from '../spec.js'

export const strategies = defineCommand({
  examples: ['seckill strategies', 'seckill strategies --json'],
  run: async (context) => {
    const { STRATEGIES } = await import('../../strategies/index.js')
    const { breaksText } = await import('../../report/strategies.js')
    const { tableOf } = await import('../style.js')
    context.print(
      tableOf(
        ['strategy', 'layout', 'commands', 'breaks'],
        STRATEGIES.map((s) => [s.name, s.layout, s.summary, breaksText(s, '\n')]),
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
