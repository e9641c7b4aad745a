import { expect, it } from 'vitest'
import { importPlan } from '../../src/import/import.js'
import { parseSaleFile } from '../../src/sale-file/load.js'
import { secretVariable } from '../../src/sale-file/secrets.js'
import { saleFileText } from '../../src/sale-file/write.js'
import { fc } from '../helpers/fc.js'
import * as jmx from '../helpers/plans.js'

// Texts that XML can hold; {{ would be a placeholder of ours.
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((it) => !/[\p{Cc}\p{Cs}\u{fffe}\u{ffff}]|\{\{|\$\{/u.test(it) && it.trim() !== '')
const name = fc.stringMatching(/^x[a-z0-9_.-]{0,8}$/)

const planOf = fc.record({
  threads: fc.integer({ min: 1, max: 5_000 }),
  loops: fc.integer({ min: 1, max: 50 }),
  group: fc.option(fc.integer({ min: 1, max: 100 })),
  path: fc.stringMatching(/^\/[a-z0-9/]{0,12}$/),
  form: fc.dictionary(name, text, { maxKeys: 5 }),
  headers: fc.dictionary(fc.stringMatching(/^X-[A-Z][a-z]{0,6}$/), fc.stringMatching(/^[a-z0-9 ;=]{1,12}$/), {
    maxKeys: 3,
  }),
  quantity: fc.integer({ min: 1, max: 1_000 }),
  said: fc.stringMatching(/^[a-z 成功]{3,9}$/),
})

it('what a plan says comes back from the sale file that it becomes', () =>
  fc.assert(
    fc.property(planOf, ({ threads, loops, group, path, form, headers, quantity, said }) => {
      const barrier = group === null ? [] : [jmx.element('SyncTimer', { props: [jmx.prop('groupSize', group)] })]
      const xml = jmx.plan([
        jmx.threadGroup('g', { threads, loops }, [
          ...barrier,
          jmx.headerManager(headers),
          jmx.sampler('buy', {
            url: new URL(`http://127.0.0.1:8080${path}`),
            form: { ...form, username: '${__RandomString(8,abc)}', purchase: String(quantity) },
            below: [jmx.responseAssertion([said], 16)],
          }),
        ]),
      ])
      const { scenario } = importPlan(xml, 'p.jmx')
      // A name with `pwd` in it says that its value is a secret: that comes from the environment.
      const secrets = Object.entries({ ...form, ...headers }).map(([name, value]) => [secretVariable(name), value])
      const file = parseSaleFile(saleFileText(scenario, []), 'p.yaml', Object.fromEntries(secrets))
      expect(file.target).toMatchObject({ url: 'http://127.0.0.1:8080', path, method: 'POST' })
      expect(file.target?.form).toEqual({ ...form, username: '{{user}}', purchase: '{{quantity}}' })
      expect(file.target?.headers ?? {}).toEqual(headers)
      expect(file.load).toMatchObject({ users: threads * loops, quantity: { min: quantity, max: quantity } })
      if (group === null) expect(file.load).toMatchObject({ concurrency: threads })
      else expect(file.load).toMatchObject({ burst: true, concurrency: group < threads * loops ? group : undefined })
      expect(file.outcomes.map(({ source }) => source)).toEqual([`sold=text:${said}`])
    }),
    { numRuns: 100 },
  ))
