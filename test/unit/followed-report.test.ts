import { describe, expect, it } from 'vitest'
import { followedLines } from '../../src/cli/poll.js'
import { comparedRows } from '../../src/report/compared.js'
import { followedTexts, lackTexts, outcomeRows } from '../../src/report/followed.js'
import { htmlReport } from '../../src/report/render/html/page.js'
import { markdownReport } from '../../src/report/render/markdown.js'
import { openingOf } from '../../src/report/summary.js'
import { shownOf, waited } from '../helpers/followed.js'
import { runOf } from '../helpers/history.js'

const TWO = { ann: 'sold', bob: 'sold_out', cyd: 'sold', dan: null } as const
const run = waited(TWO)
const shown = shownOf({
  ...run,
  footer: { ...run.footer!, followed: { polls: 1_234, notFollowed: 1, throttled: 2, failures: [], unmatched: [] } },
})
const page = (of = shown) => htmlReport([of], null, { script: '', style: '' })

describe('what queued attempts came to, in a report', () => {
  it('as data: beside what they were answered, times from the planned send', () => {
    expect(shown.outcomes).toEqual({ queued: 4 })
    expect(shown.followed).toMatchObject({
      ...{ queued: 4, undecided: 1, notFollowed: 1, polls: 1_234, outcomes: { sold: 2, sold_out: 1 } },
      decisionMs: { p50: 10.007, max: 10 },
      decisionByOutcome: { sold: { p50: 10.007 }, sold_out: { p50: 10.007 } },
    })
    expect(shown.latencyMs.byOutcome.queued?.max).toBe(0.5)
    const { percentiles, decision, decisionByOutcome } = shown.spectrum
    expect([decision.length, decisionByOutcome.sold?.length]).toEqual([percentiles.length, percentiles.length])
  })

  it('winners are those that won by a decision, when they did', () => {
    expect(shown).toMatchObject({
      unitsAcknowledged: 2,
      timeToSellOutMs: 12,
      winnersOrder: { winners: 2, lastPlace: 3 },
    })
    const { widthMs, won } = shown.overTime
    expect(won.flatMap((n, i) => (n > 0 ? [i * widthMs] : []))).toEqual([10, 12])
    expect(openingOf(shown)).toEqual([
      '2 people were told they won; nobody has judged yet whether that is right.',
      'Sold out in 12.0 ms; 99 % of the winners knew within 10.0 ms.',
    ])
  })

  it('in Markdown', () => {
    const text = markdownReport([shown], null)
    expect(text).toContain(`4 queued, 3 decided, 1 undecided; 1,234 polls, which are in no other figure.
2 polls were told to come later.
nobody asked after 1 of them: no ticket in the answer, or too many open at once.`)
    expect(text).toContain(`| queued            | attempts |     p50 |     p99 |     max |
| ----------------- | -------: | ------: | ------: | ------: |
| until accepted    |        4 |  0.5 ms |  0.5 ms |  0.5 ms |
| until decided     |        3 | 10.0 ms | 10.0 ms | 10.0 ms |
| decided: sold     |        2 | 10.0 ms | 10.0 ms | 10.0 ms |
| decided: sold_out |        1 | 10.0 ms | 10.0 ms | 10.0 ms |
| undecided         |        1 |         |         |         |`)
    expect(text).toContain(`| outcome  | answered | decided | in the end |
| -------- | -------: | ------: | ---------: |
| sold     |        0 |       2 |          2 |
| sold_out |        0 |       1 |          1 |
| queued   |        4 |       0 |          1 |`)
  })

  it('in the page: a chart and its numbers', () => {
    const html = page()
    expect(html).toMatch(/<h2 id="run1-decisions">From accepted to decided<\/h2>/)
    expect(html).toContain('id="run1-decisions-chart"')
    expect(html).toContain('Half of those who were decided knew within 10.0 ms, 99 % within 10.0 ms')
    const charts = JSON.parse(/id="chart-data">(.*?)<\/script>/.exec(html)![1] as string)
    const { series } = charts.find(({ id }: { id: string }) => id === 'run1-decisions-chart')
    expect(series.map(({ label, y }: { label: string; y: number[] }) => [label, y[4]])).toEqual([
      ...[
        ['until accepted', 0.5],
        ['until decided', 10.007],
        ['decided: sold', 10.007],
        ['decided: sold_out', 10.007],
      ],
    ])
  })

  it('beside other runs', () => {
    const rows = Object.fromEntries(
      comparedRows([shown, shownOf(runOf([['ann', 'sold']]))]).map(([name, ...of]) => [name, of]),
    )
    expect(rows).toMatchObject({
      ...{ 'told that they won': ['2', '1'], decided: ['3', '–'], undecided: ['1', '–'], polls: ['1,234', '–'] },
      ...{ 'p50 until decided': ['10.0 ms', '–'], 'p99 until decided': ['10.0 ms', '–'] },
    })
  })

  it('for the terminal', () => {
    expect(followedLines(shown.followed!)).toEqual([
      '4 attempts queued: sold 2, sold_out 1, undecided 1; 1,234 polls, 2 told to come later',
      'time to acceptance: p50 0.5 ms, p99 0.5 ms, max 0.5 ms',
      'time to decision:   p50 10.0 ms, p99 10.0 ms, max 10.0 ms',
    ])
  })
})

describe('nothing is said of decisions', () => {
  it.each([
    ['where nobody was asked after', runOf([['ann', 'queued']])],
    ['where all were told at once', runOf([['ann', 'sold']])],
  ])('%s', (_, of) => {
    const quiet = shownOf(of)
    expect(page(quiet)).not.toContain('decided')
    expect(markdownReport([quiet], null)).not.toContain('decided')
  })

  it('but that nothing was queued, where somebody was to be asked after', () => {
    const quiet = shownOf({ ...runOf([['ann', 'sold']]), header: run.header })
    expect(followedLines(quiet.followed!)).toEqual(['nothing was queued, nothing was polled'])
    expect(page(quiet)).not.toContain('decided')
    expect(markdownReport([quiet], null)).not.toContain('decided')
  })
})

describe('a log that ends early', () => {
  const torn = shownOf(waited(TWO, { torn: true }))

  it('says that decisions are missing, and not how often was asked', () => {
    expect(torn.followed).toMatchObject({ queued: 4, undecided: 1, polls: null, notFollowed: null })
    expect(followedTexts(torn.followed!)).toEqual(['4 queued, 3 decided, 1 undecided'])
    expect(lackTexts(torn.followed!, false, false)).toEqual([
      'the log has no end: decisions that came later are missing',
    ])
    expect(page(torn)).toContain('the log has no end: decisions that came later are missing.')
  })

  it('before any decision has no times of them', () => {
    const none = shownOf(waited({ ann: null, bob: null }, { torn: true }))
    expect(none.followed).toMatchObject({ queued: 2, undecided: 2, outcomes: {} })
    expect(page(none)).toContain('Nobody who was accepted knew what came of it.')
    expect(page(none)).not.toContain('run1-decisions-chart')
    expect(none.spectrum.decision).toEqual([])
  })

  it('interrupted, says so where something is undecided', () => {
    expect(lackTexts(torn.followed!, true, true)).toEqual([expect.stringMatching(/^interrupted: /)])
    expect(lackTexts({ ...torn.followed!, undecided: 0 }, true, true)).toEqual([])
  })
})

it('outcomes in the end: those at once and those by a decision, the undecided still queued', () => {
  const followed = { outcomes: { sold: 3, sold_out: 4 } } as const
  expect(outcomeRows({ sold: 1, queued: 9, error: 5 }, followed)).toEqual([
    { outcome: 'sold', answered: 1, decided: 3, end: 4 },
    { outcome: 'sold_out', answered: 0, decided: 4, end: 4 },
    { outcome: 'queued', answered: 9, decided: 0, end: 2 },
    { outcome: 'error', answered: 5, decided: 0, end: 5 },
  ])
})
