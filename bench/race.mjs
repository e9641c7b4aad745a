// Executions per second of `race` on a real Redis, and how soon it finds what it is there for: npm run bench:race

import { dependence } from '../dist/race/events.js'
import { dpor } from '../dist/race/explorers/dpor.js'
import { exhaustive } from '../dist/race/explorers/exhaustive.js'
import { settingOf } from '../dist/race/setting.js'
import { InProcessWorld } from '../dist/race/worlds/in-process.js'
import { raceOn } from '../dist/race/worlds/strategy.js'
import { connectRedis } from '../dist/redis/client.js'
import { startPrivateRedis } from '../dist/redis/private-server.js'
import { parseRedisUrl } from '../dist/redis/url.js'
import { saleKeys } from '../dist/sale/keys.js'
import { presetPlaces } from '../dist/sale/layout.js'
import { STRATEGIES, strategyNamed } from '../dist/strategies/index.js'

const server = await startPrivateRedis({ env: process.env })
const client = await connectRedis(parseRedisUrl(server.url))
const AMPLE = 100

const cpuMs = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Runs all executions of the naive list with ample stock: how many, in what time, and how much of it this process worked. */
const ample = async (users, explorer) => {
  const strategy = strategyNamed('list-naive')
  const setting = settingOf(new Array(users).fill(1), AMPLE)
  const perUser = { orders: 1, units: 2 }
  const places = presetPlaces('list', saleKeys('a'))
  const sale = {
    id: 'a',
    uuid: null,
    layout: 'list',
    places,
    keys: saleKeys('a'),
    initial: AMPLE,
    perUser,
    ttlSeconds: null,
  }
  const world = new InProcessWorld({ client, strategy, sale, setting })
  const [from, cpuFrom] = [performance.now(), cpuMs()]
  let count = 0
  for await (const { ending } of explorer.explore(world)) if (ending !== null) count++
  const [ms, cpu] = [performance.now() - from, cpuMs() - cpuFrom]
  await world.close()
  return { count, ms, cpu }
}

const field = (realTime) => dpor({ dependent: dependence('field', realTime), symmetry: false })

const show = (title, goal, { count, ms, cpu }) =>
  console.log(
    `${title}: ${count} executions in ${(ms / 1_000).toFixed(2)} s (goal ${goal}), ${Math.round((1_000 * count) / ms)}/s; this process worked ${(cpu / 1_000).toFixed(2)} s`,
  )

const table = async () => {
  const from = performance.now()
  for (const strategy of STRATEGIES.filter(({ requires }) => !requires)) {
    for (const lockExpiry of strategy.breaks.ifLockExpires ? [false, true] : [false])
      await raceOn(client, { strategy, lockExpiry, keepGoing: true, budgetMs: 600_000, sale: 'a' })
  }
  return performance.now() - from
}

try {
  await ample(2, exhaustive())
  show('3 buyers, field level', '≤ 0.2 s', await ample(3, field(false)))
  show('4 buyers, field level', '≤ 1.5 s', await ample(4, field(false)))
  show('4 buyers, field level, real time', '≤ 10 s', await ample(4, field(true)))
  show('3 buyers, unreduced (12 commands each)', '≤ 60 s, ≥ 1,000/s', await ample(3, exhaustive()))
  for (const strategy of ['list-basic', 'list-naive', 'counter-naive']) {
    const { firstAt, firstAtMs, counterexamples } = await raceOn(client, { strategy, sale: 'a' })
    const { preemptions } = counterexamples[0].execution
    console.log(
      `${strategy}: first counterexample in execution ${firstAt} after ${firstAtMs.toFixed(1)} ms, ${preemptions} preemptions (goal 10, 100 ms, 1)`,
    )
  }
  console.log(`the table of all strategies: ${((await table()) / 1_000).toFixed(1)} s (goal ≤ 20 s)`)
} finally {
  await client.close()
  await server.stop()
}
