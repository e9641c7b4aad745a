import { afterEach, describe, expect, it } from 'vitest'
import { chooseLanguage } from '../../src/language/choose.js'
import { clauses, listed, sentences } from '../../src/language/lists.js'

afterEach(() => chooseLanguage('en'))

describe.each(['en', 'zh'] as const)('in %s', (language) => {
  it.each([
    ['words', listed],
    ['clauses', clauses],
    ['sentences', sentences],
  ])('no %s are an empty text, and one is said as it is', async (_, join) => {
    await chooseLanguage(language)
    expect([join([]), join(['a'])]).toEqual(['', 'a'])
  })
})

it('joins several as each language does', async () => {
  const said = () => [listed, clauses, sentences].map((join) => join(['a', 'b', 'c']))
  expect(said()).toEqual(['a, b, c', 'a, b, c', 'a. b. c'])
  await chooseLanguage('zh')
  expect(said()).toEqual(['a、b、c', 'a，b，c', 'a。b。c'])
})
