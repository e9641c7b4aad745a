import { describe, expect, it } from 'vitest'
import { type GeneratorFacts, judgeGenerator, reportGenerator } from '../../src/load/verdict.js'

const facts = (wish: Partial<GeneratorFacts> = {}): GeneratorFacts => ({
  ...{ model: 'open', inProcess: false, attempts: 10_000, planned: 10_000, late: 0, dropped: 0, starved: false },
  ...{ concurrency: 900, sendLagP99Ms: 1, notSent: [], unanswered: [] },
  loops: [{ activeMs: 4_000, waitedMs: 0, delayP99Ms: 1 }],
  machine: { elapsedMs: 10_000, cpuMs: 4_000, retransmits: 0 },
  ...wish,
})

describe('the verdict on the generator', () => {
  it('is valid where nothing speaks against it', () => {
    expect(judgeGenerator(facts())).toEqual({ verdict: 'valid', reasons: [] })
  })

  it('does not take turns of waiting for work', () => {
    const loops = [{ activeMs: 9_900, waitedMs: 6_000, delayP99Ms: 1 }]
    const machine = { elapsedMs: 10_000, cpuMs: 9_900, retransmits: 0 }
    expect(reportGenerator(facts({ loops, machine }))).toMatchObject({ verdict: 'valid', utilisation: 0.39, cpu: 0.99 })
  })

  it.each<[string, Partial<GeneratorFacts>, 'suspect' | 'invalid', RegExp]>([
    ['a rate that was not kept', { late: 101 }, 'invalid', /99\.0 % of the attempts.*--workers auto/],
    ['a rate that was cut', { dropped: 5_000, starved: true }, 'invalid', /50\.0 %.*all 900 connections/],
    ['no descriptors', { notSent: [{ note: 'EMFILE', count: 3 }] }, 'invalid', /3 attempts.*ulimit/],
    ['no ports', { notSent: [{ note: 'EADDRNOTAVAIL', count: 3 }] }, 'invalid', /--local-address/],
    ['sends that lag', { sendLagP99Ms: 2.5 }, 'suspect', /2\.5 ms late/],
    [
      'a loop that is always busy',
      {
        loops: [{ activeMs: 9_900, waitedMs: 0, delayP99Ms: 1 }],
        machine: { elapsedMs: 10_000, cpuMs: 9_900, retransmits: 0 },
      },
      'suspect',
      /busy 99 %/,
    ],
    ['a loop that hangs', { loops: [{ activeMs: 4_000, waitedMs: 0, delayP99Ms: 80 }] }, 'suspect', /80 ms late/],
    [
      'a core that is stolen',
      { machine: { elapsedMs: 10_000, cpuMs: 2_000, retransmits: 0 } },
      'suspect',
      /had the core for 50 %/,
    ],
    [
      'packets that were lost',
      { machine: { elapsedMs: 10_000, cpuMs: 4_000, retransmits: 101 } },
      'suspect',
      /101 segments/,
    ],
  ])('%s', (_name, wish, verdict, why) => {
    const judged = judgeGenerator(facts(wish))
    expect(judged.verdict).toBe(verdict)
    expect(judged.reasons.join('\n')).toMatch(why)
  })

  it.each<[number, GeneratorFacts['model'], string]>([
    [4, 'burst', 'valid'],
    [5, 'burst', 'suspect'],
    [49, 'burst', 'suspect'],
    [50, 'burst', 'invalid'],
    [50, 'closed', 'valid'],
  ])('%i of 100 connections of a %s that break: %s', (count, model, verdict) => {
    const unanswered = [
      { note: 'ECONNRESET', count: count - 1 },
      { note: 'closed', count: 1 },
      { note: 'timeout', count: 50 },
    ]
    const judged = judgeGenerator(facts({ model, attempts: 100, unanswered }))
    expect(judged.verdict).toBe(verdict)
    const said = verdict === 'valid' ? [] : [expect.stringContaining(`${count} of 100 connections were reset when`)]
    expect(judged.reasons).toEqual(said)
  })

  it.each<[string, Partial<GeneratorFacts>, string]>([
    ['one of them late', { attempts: 20, planned: 20, late: 1, sendLagP99Ms: 12 }, 'valid'],
    ['two of them late', { attempts: 20, planned: 20, late: 2, sendLagP99Ms: 12 }, 'invalid'],
    ['one of them never sent', { attempts: 19, planned: 20, dropped: 1 }, 'invalid'],
    ['as many as have a last percent', { attempts: 100, planned: 100, sendLagP99Ms: 2.5 }, 'suspect'],
  ])('judges a few attempts by their number: %s', (_name, wish, verdict) => {
    expect(judgeGenerator(facts(wish)).verdict).toBe(verdict)
  })

  it('forgives a percent of the rate, refusals by the target, and a machine that does not tell', () => {
    const machine = { elapsedMs: 10_000, cpuMs: 4_000, retransmits: null }
    const judged = judgeGenerator(facts({ late: 100, notSent: [{ note: 'ECONNREFUSED', count: 9 }], machine }))
    expect(judged.verdict).toBe('valid')
  })

  it('says nothing of busy loops where the shop is in the same process, or the run was over at once', () => {
    const loops = [{ activeMs: 900, waitedMs: 0, delayP99Ms: 100 }]
    const machine = { elapsedMs: 900, cpuMs: 900, retransmits: 0 }
    expect(judgeGenerator(facts({ model: 'closed', loops, machine })).verdict).toBe('valid')
    const longer = {
      loops: [{ activeMs: 2_000, waitedMs: 0, delayP99Ms: 100 }],
      machine: { ...machine, elapsedMs: 2_000, cpuMs: 2_000 },
    }
    expect(judgeGenerator(facts({ model: 'closed', inProcess: true, ...longer })).verdict).toBe('valid')
    expect(judgeGenerator(facts({ model: 'closed', ...longer })).verdict).toBe('suspect')
  })

  it('comes with its figures, of the busiest loop', () => {
    const loops = [
      { activeMs: 4_000, waitedMs: 0, delayP99Ms: 1 },
      { activeMs: 6_000, waitedMs: 0, delayP99Ms: 3 },
    ]
    const machine = { elapsedMs: 10_000, cpuMs: 10_000, retransmits: 0 }
    expect(reportGenerator(facts({ loops, machine }))).toMatchObject({
      cpu: 1,
      utilisation: 0.6,
      eventLoopDelayP99Ms: 3,
    })
  })
})
