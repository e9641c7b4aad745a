import { it } from 'vitest'
import { connect, knows, standInForIncrex } from '/tmp/wt/race/test/helpers/strategy.js'
import { freshSale } from '/tmp/wt/race/test/helpers/sale.js'
import { STRATEGIES } from '/tmp/wt/race/src/strategies/index.js'
import { InProcessWorld } from '/tmp/wt/race/src/race/worlds/in-process.js'
import { portfolioFor, settingOf, describeSetting } from '/tmp/wt/race/src/race/setting.js'
import { dpor } from '/tmp/wt/race/src/race/explorers/dpor.js'
import { exhaustive } from '/tmp/wt/race/src/race/explorers/exhaustive.js'
import { dependence } from '/tmp/wt/race/src/race/events.js'

it('tries', async () => {
  const client = await connect()
  const ample = async (name: string, n: number, ex: any) => {
    const strategy = STRATEGIES.find((s) => s.name === name)!
    const sale = { ...freshSale({ layout: strategy.layout, stock: 100 }), ttlSeconds: null }
    const world = new InProcessWorld({ client, strategy, sale, setting: settingOf(Array(n).fill(1), 100) })
    const t = performance.now(); let c = 0
    for await (const _ of ex.explore(world)) c++
    await world.close()
    console.log(name, n, ex.name, c, (performance.now() - t).toFixed(0), 'ms', (c / (performance.now() - t) * 1000).toFixed(0), '/s')
  }
  const f = (rt: boolean, sym = false) => dpor({ dependent: dependence('field', rt), symmetry: sym })
  await ample('list-naive', 2, exhaustive())
  await ample('list-naive', 3, f(false))
  await ample('list-naive', 3, f(true))
  await ample('list-naive', 4, f(false))
  await ample('list-naive', 3, exhaustive(3))
  for (const strategy of STRATEGIES) for (const expiry of strategy.breaks.ifLockExpires ? [false, true] : [false]) {
    const adapt = strategy.requires && !(await knows(client.redis, strategy.requires.command)) ? standInForIncrex : undefined
    const t = performance.now(); let n = 0, blocked = 0; const found = new Map<string, string>()
    const parts: string[] = []
    for (const setting of portfolioFor(strategy.layout === 'list-basic' ? 1 : 2)) {
      const sale = { ...freshSale({ layout: strategy.layout, stock: setting.stock }), ttlSeconds: null }
      const world = new InProcessWorld({ client, strategy, sale, setting, expiry, ...(adapt && { adapt }) })
      let k = 0
      for await (const e of f(true, true).explore(world)) {
        n++; k++; if (!e.ending) { blocked++; continue }
        for (const v of e.ending.violations) if (!found.has(v.rule)) found.set(v.rule, describeSetting(setting) + ' #' + k+' '+v.message)
      }
      parts.push(String(k))
      await world.close()
    }
    const declared = [...strategy.breaks.always, ...(expiry ? strategy.breaks.ifLockExpires ?? [] : [])].filter((r) => r !== 'real-time-order').sort()
    console.log(strategy.name, expiry, n, parts.join('+'), 'blocked', blocked, (performance.now() - t).toFixed(0), 'ms', JSON.stringify([...found.keys()].sort()) === JSON.stringify(declared) ? 'OK' : 'DIFF', [...found].map((x) => x.join(': ')), declared)
  }
}, 300_000)
