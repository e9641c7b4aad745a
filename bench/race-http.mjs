// Orders per second of `race URL` with copies of a real shop on this machine: node bench/race-http.mjs
// The purchases of the shop are HGET, GET, DECRBY, HSET; every step is a reply, then the next command or an HTTP answer.
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { buyerAt } from '../dist/cli/buyer-at.js'
import { childEnv } from '../dist/cli/target.js'
import { parseOutcomeRule } from '../dist/history/outcome-rules.js'
import { dependence } from '../dist/race/events.js'
import { dpor } from '../dist/race/explorers/dpor.js'
import { exhaustive } from '../dist/race/explorers/exhaustive.js'
import { replay } from '../dist/race/explorers/walks.js'
import { settingOf } from '../dist/race/setting.js'
import { controlOf } from '../dist/race/worlds/http/control.js'
import { openShops } from '../dist/race/worlds/http/shops.js'
import { HttpWorld } from '../dist/race/worlds/http/world.js'
import { connectRedis } from '../dist/redis/client.js'
import { startPrivateRedis } from '../dist/redis/private-server.js'
import { parseRedisUrl } from '../dist/redis/url.js'
import { saleKeys } from '../dist/sale/keys.js'
import { presetPlaces } from '../dist/sale/layout.js'
import { median } from './common.mjs'

const SHOPS = {
  'Python, standard library': ['python3', 'shop.py'],
  'Express, node-redis': ['node', 'express-redis.mjs'],
}
const RULES = ['sold=json:$.result=sold', 'sold_out=json:$.result=none', 'already_bought=json:$.result=again']
const REPLAYS = 100
const ROUNDS = 5

const server = await startPrivateRedis({ env: process.env })
const client = await connectRedis(parseRedisUrl(server.url))
const keys = saleKeys('a')
let seed = 0

const open = ([program, file]) =>
  openShops({
    ...{ count: 2, port: null, proxyPort: 0, redis: client.target },
    command: `${program} ${fileURLToPath(new URL(`../test/fixtures/shops/${file}`, import.meta.url))} {port} naive`,
    env: async (redis, port) => ({ ...process.env, ...(await childEnv(redis, 'a', String(port))) }),
    buyer: (port) =>
      buyerAt(
        { spec: { url: `http://127.0.0.1:${port}/seckill` }, rules: RULES.map(parseOutcomeRule), timeoutMs: 10_000 },
        {},
        1,
      ),
  })

const worldAt = (shops, setting) => {
  const perUser = { orders: 1, units: 2 }
  const sale = { id: 'a', uuid: null, layout: 'counter', places: presetPlaces('counter', keys), keys, perUser }
  const control = controlOf({
    redis: client.redis,
    sale: { ...sale, initial: setting.stock, ttlSeconds: null },
    alone: true,
    seed: ++seed,
  })
  return new HttpWorld({ shops, control, setting, settleMs: 5_000, windowMs: 0 })
}

/** Goes through all orders; how many, in what time, and the first that breaks a rule. */
const through = async (world, explorer) => {
  const from = performance.now()
  let [count, found] = [0, null]
  for await (const { steps, ending } of explorer.explore(world)) {
    if (ending === null) continue
    count++
    if (ending.violations.length > 0) found ??= { steps, ending }
  }
  const ms = performance.now() - from
  await world.close()
  return { count, ms, found }
}

/** The median of some rounds. */
const often = async (shops, setting, explorer) => {
  const rounds = []
  for (let i = 0; i < ROUNDS; i++) rounds.push(await through(worldAt(shops, setting), explorer()))
  return { ...rounds[0], ms: median(rounds.map(({ ms }) => ms)) }
}

const line = (title, { count, ms }, goal) =>
  console.log(
    `  ${title}: ${count} orders in ${(ms / 1_000).toFixed(2)} s, ${Math.round((1_000 * count) / ms)}/s (goal ${goal})`,
  )

try {
  for (const [name, shop] of Object.entries(SHOPS)) {
    const { shops, stop } = await open(shop)
    try {
      console.log(`${name} (load average ${loadavg()[0].toFixed(1)})`)
      const two = settingOf([2, 2], 3)
      await through(worldAt(shops, two), replay([]))
      line('every order of two buyers', await often(shops, two, exhaustive), '≥ 150/s')
      const reduced = await often(shops, two, () => dpor({ dependent: dependence('field', true), symmetry: true }))
      line('one of each class: the space exhausted', reduced, '≤ 1 s')
      const { steps, ending } = reduced.found
      let alike = 0
      for (let i = 0; i < REPLAYS; i++) {
        const again = await through(worldAt(shops, two), replay(steps.map(({ actor }) => actor)))
        if (again.found?.ending.fingerprint === ending.fingerprint) alike++
      }
      console.log(`  replays of a violation that end alike: ${alike} of ${REPLAYS} (goal 100)`)
    } finally {
      await stop()
    }
  }
} finally {
  await client.close()
  await server.stop()
}
