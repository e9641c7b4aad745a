import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RaceRule } from '../../src/race/judge.js'
import { timelineSvg } from '../../src/race/svg.js'
import { replayFlags, timelineText } from '../../src/race/timeline.js'
import { raceOn, type SettingWish } from '../../src/race/worlds/strategy.js'
import type { RedisClient } from '../../src/redis/client.js'
import { pathOf, readDocument, withGenerated } from '../helpers/docs.js'
import { startPrivateRedis } from '../helpers/private-redis.js'
import { connect } from '../helpers/strategy.js'

let server: Awaited<ReturnType<typeof startPrivateRedis>>
let client: RedisClient
beforeAll(async () => {
  // Of this test alone: the timelines show the document's own key names.
  server = await startPrivateRedis()
  client = await connect(server.url)
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

type Wish = SettingWish & { readonly crash?: boolean }

const EXAMPLES: Record<string, [strategy: string, wish: Wish, rule: RaceRule]> = {
  'over-grab': ['list-basic', { users: 'aa', stock: 5 }, 'one-record-per-user'],
  'short-lrem': ['list-naive', { quantities: [2, 2], stock: 3 }, 'no-oversell'],
  'negative-counter': ['counter-naive', { users: 2, stock: 1 }, 'no-negative-stock'],
  'lost-last-unit': ['counter-naive', { users: 1, stock: 1 }, 'somebody-bought'],
  'lost-order': ['queue-gap', { users: 1, stock: 1, crash: true }, 'conservation'],
  'honest-buyer': ['counter-undo', { quantities: [2, 1], stock: 1 }, 'no-undersell'],
}

const exampleOf = async ([strategy, wish, rule]: (typeof EXAMPLES)[string]) => {
  const { counterexamples } = await raceOn(client, { strategy, sale: 'a', keepGoing: true, ...wish })
  const example = counterexamples.find(({ violations }) => violations.some((violation) => violation.rule === rule))
  if (example === undefined) throw new Error(`${strategy} does not break ${rule}`)
  return { example, text: timelineText(example, `seckill race --strategy ${strategy} ${replayFlags(example)}`) }
}

it('every timeline of docs/race.md is what race prints (UPDATE=1 writes them)', async () => {
  const parts: Record<string, string> = {}
  for (const [name, wish] of Object.entries(EXAMPLES))
    parts[name] = `\`\`\`text\n${(await exampleOf(wish)).text}\n\`\`\``
  const text = readDocument('docs/race.md')
  const fresh = withGenerated(text, parts)
  if (process.env.UPDATE === '1') writeFileSync(pathOf('docs/race.md'), fresh)
  else expect(text).toBe(fresh)
})

it('a timeline as a lane diagram: a row for each step, nothing unescaped', async () => {
  const { example } = await exampleOf(EXAMPLES['short-lrem'] as (typeof EXAMPLES)[string])
  const svg = timelineSvg(example)
  expect(svg.match(/<circle/g)).toHaveLength(8)
  expect(svg).toContain('LREM goods_a 2 1 → 1')
  expect(svg).toContain('told they got 4')
  expect(svg.replace(/<\/?(svg|text|line|circle)[^<>]*>/g, '')).not.toMatch(/[<>]/)
})
