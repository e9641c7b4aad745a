import { describe, expect, it } from 'vitest'
import { SeckillError } from '../../../src/errors.js'
import { runSteps } from '../../../src/scenario/run.js'
import { exitCodeOf, heldAgainst, type Judged, wholeOf } from '../../../src/scenario/verdict.js'

const fails = (...broken: string[]): Judged => ({ verdict: 'fail', broken })
const passes: Judged = { verdict: 'pass', broken: [] }
const doubts: Judged = { verdict: 'inconclusive', broken: [] }

describe('the whole of what was found', () => {
  it.each([
    [[], 'pass', []],
    [[passes, passes], 'pass', []],
    [[passes, doubts], 'inconclusive', []],
    [[doubts, fails('conservation'), fails('no-oversell', 'conservation')], 'fail', ['conservation', 'no-oversell']],
  ] as const)('%j', (parts, verdict, broken) => expect(wholeOf(parts)).toEqual({ verdict, broken }))
})

describe('what a scenario expects', () => {
  it.each([
    [passes, undefined, true, 0],
    [passes, 'pass', true, 0],
    [passes, 'fail', false, 10],
    [passes, ['conservation'], false, 10],
    [fails('conservation'), undefined, false, 10],
    [fails('conservation'), 'fail', true, 0],
    [fails('conservation'), ['conservation', 'no-oversell'], true, 0],
    [fails('conservation', 'purchase-limit'), ['conservation'], false, 10],
    [doubts, 'pass', false, 4],
    [doubts, ['conservation'], false, 4],
    [doubts, 'inconclusive', true, 0],
    [fails('conservation'), 'inconclusive', false, 10],
  ] as const)('%j against %j: %s, exit %i', (found, expected, asExpected, code) => {
    const held = heldAgainst(found, expected as never)
    expect(held.asExpected).toBe(asExpected)
    expect(exitCodeOf(held)).toBe(code)
    expect(held.surprise === null).toBe(asExpected)
  })
})

describe('the steps', () => {
  const calm = new AbortController().signal
  const trouble = new SeckillError('not_explorable', 'no way', 'see there')

  it('are made in their order, whatever that of the list', async () => {
    const made: string[] = []
    const step = (name: string) => async () => {
      made.push(name)
      return { document: { name } }
    }
    const { documents } = await runSteps({ race: step('race'), blast: step('blast'), seed: step('seed') }, calm)
    expect(made).toEqual(['seed', 'blast', 'race'])
    expect(documents).toEqual({ seed: { name: 'seed' }, blast: { name: 'blast' }, race: { name: 'race' } })
  })

  it('a race that cannot be made leaves the verdict of the audit', async () => {
    const audit = async () => ({ document: { verdict: 'fail' }, judged: fails('conservation') })
    const course = await runSteps({ audit, race: () => Promise.reject(trouble) }, calm)
    expect(course.failed).toEqual([{ step: 'race', error: trouble }])
    expect(wholeOf(course.judged)).toEqual(fails('conservation'))
    expect(course.documents.race).toEqual({ error: { code: 'not_explorable', message: 'no way', hint: 'see there' } })
    expect(wholeOf((await runSteps({ race: () => Promise.reject(trouble) }, calm)).judged).verdict).toBe('inconclusive')
  })

  it('without a blast there is nothing to judge', async () => {
    let audited = false
    const audit = async () => {
      audited = true
      return { document: null }
    }
    await expect(runSteps({ blast: () => Promise.reject(trouble), audit }, calm)).rejects.toBe(trouble)
    expect(audited).toBe(false)
  })

  it('end where they are interrupted', async () => {
    const stop = new AbortController()
    const blast = async () => {
      stop.abort()
      return { document: {} }
    }
    const { documents } = await runSteps({ blast, audit: () => Promise.reject(trouble) }, stop.signal)
    expect(documents).toEqual({ blast: {} })
  })
})
