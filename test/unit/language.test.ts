import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { chooseLanguage, chosenLanguage, languageOfLocale, parseLanguage } from '../../src/language/choose.js'
import { count, type Sentences, say, speak, word } from '../../src/language/say.js'
import { ZH } from '../../src/language/zh/index.js'
import { STRATEGIES } from '../../src/strategies/index.js'
import { ENGLISH_ON_PURPOSE } from '../helpers/english.js'
import { textsOf } from '../helpers/texts.js'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const sourceFiles = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !path.startsWith('language/zh/'))
const said = sourceFiles.map((path) => ({ path, ...textsOf(readFileSync(SRC + path, 'utf8')) }))
const holes = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort().join(' ')

afterEach(() => chooseLanguage('en'))

describe('every text for people', () => {
  it('has its Chinese sentence, with the same things filled in', () => {
    const lacking = said.flatMap(({ path, keys }) =>
      keys
        .filter(({ key }) => ZH[key] === undefined || holes(key) !== holes(ZH[key]))
        .map(({ line, key }) => `src/${path}:${line} ${JSON.stringify(key)} in zh: ${ZH[key] ?? 'missing'}`),
    )
    expect(lacking).toEqual([])
  })

  it('goes through say', () =>
    expect(
      said.flatMap(({ path, bare }) =>
        bare
          .filter(
            ({ text }) => !ENGLISH_ON_PURPOSE.some(([place, pattern]) => path.startsWith(place) && pattern.test(text)),
          )
          .map(({ line, text }) => `src/${path}:${line} ${JSON.stringify(text)}`),
      ),
    ).toEqual([]))

  it('is said after the language is chosen, not while modules load', () =>
    expect(said.flatMap(({ path, early }) => early.map(({ line }) => `src/${path}:${line}`))).toEqual([]))

  it('is counted in nouns that a scan can see', () =>
    expect(said.flatMap(({ path, unclear }) => unclear.map(({ line }) => `src/${path}:${line}`))).toEqual([]))
})

describe('every strategy', () => {
  it.each(
    STRATEGIES.map(
      ({ name, summary, requires }) => [name, [summary, ...(requires ? [requires.servers] : [])]] as const,
    ),
  )('%s is described in Chinese', (_, words) => expect(words.filter((text) => ZH[text] === undefined)).toEqual([]))
})

describe('the Chinese table', () => {
  const rooms = readdirSync(`${SRC}language/zh`).filter((name) => name !== 'index.ts')
  const used = new Set(said.flatMap(({ keys }) => keys.map(({ key }) => key)))

  it('holds no sentence that nobody says', () => {
    const words = new Set(said.flatMap(({ literals }) => literals))
    expect(Object.keys(ZH).filter((key) => !used.has(key) && !words.has(key))).toEqual([])
  })

  it('holds each sentence once', async () => {
    const tables = await Promise.all(
      rooms.map(
        async (name) => Object.values(await import(/* @vite-ignore */ `${SRC}language/zh/${name}`)) as Sentences[],
      ),
    )
    const keys = tables.flat().flatMap((table) => Object.keys(table))
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
    expect(keys).toHaveLength(Object.keys(ZH).length)
  })

  it('is typeset as Chinese is: wide punctuation, a space beside Latin letters and digits', () =>
    expect(
      Object.values(ZH).filter((text) =>
        /\p{Script=Han}[,;:!?]|\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}|[，。；：、！？（）] /u.test(text),
      ),
    ).toEqual([]))
})

describe('say', () => {
  it('fills in, in the order of the other language', () => {
    const text = () => say`${'ann'} bought ${2} of ${'$&'}`
    expect(text()).toBe('ann bought 2 of $&')
    speak({ '{0} bought {1} of {2}': '{2}：{0} 买了 {1} 件' })
    expect(text()).toBe('$&：ann 买了 2 件')
    expect(say`something else, ${1}`).toBe('something else, 1')
  })

  it('counts', () => {
    expect([count(1, 'unit'), count(2, 'unit'), count(0, 'person was', 'people were')]).toEqual([
      '1 unit',
      '2 units',
      '0 people were',
    ])
    speak({ '{0} unit': '{0} 件', sold: '已抢到' })
    expect([count(1, 'unit'), count(2, 'unit'), count(2, 'yak')]).toEqual(['1 件', '2 件', '2 yaks'])
    expect([word('sold'), word('yak')]).toEqual(['已抢到', 'yak'])
  })
})

describe('the language', () => {
  it.each([
    ['zh', 'zh'],
    ['zh_CN.UTF-8', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['en_US.UTF-8', 'en'],
    ['EN', 'en'],
    ['zha', null],
    ['de_DE', null],
    ['', null],
  ])('of the tag %j is %s', (tag, language) => expect(parseLanguage(tag)).toBe(language))

  it.each([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' }, 'en'],
    [{ LANG: 'en_US', LC_MESSAGES: 'zh_CN' }, 'zh'],
    [{ LANG: 'en_US', LC_MESSAGES: 'en_US', LC_ALL: 'zh_CN' }, 'zh'],
    [{ LANG: 'zh_CN', LC_ALL: '' }, 'zh'],
    [{ LANG: 'de_DE', LANGUAGE: 'fr:zh_CN:en' }, 'zh'],
    [{ LANG: 'zh_CN', LANGUAGE: 'en' }, 'en'],
    [{ LANG: 'zh_CN', LANGUAGE: 'de' }, 'zh'],
    [{ LANG: 'C', LANGUAGE: 'zh_CN' }, 'en'],
    [{ LC_ALL: 'C.UTF-8', LANGUAGE: 'zh_CN' }, 'en'],
    [{ LANGUAGE: 'zh_CN' }, 'en'],
  ])('of the locale %j is %s', (env, language) => expect(languageOfLocale(env)).toBe(language))

  it('is chosen for everything said from then on', async () => {
    const text = () => say`see --help`
    await chooseLanguage('zh')
    expect([text(), chosenLanguage()]).toEqual(['见 --help', 'zh'])
    await chooseLanguage('en')
    expect([text(), chosenLanguage()]).toEqual(['see --help', 'en'])
  })
})

describe('the scan', () => {
  const scan = (text: string) => textsOf(text)

  it('knows sentences and nouns, also within each other', () =>
    expect(
      scan(
        "import { count } from './say.js'; const f = (n) => say`a ${say`b\\n${n}`} c ${count(n + 1, 'yak')}` + count(2, 'ox', 'oxen')",
      ).keys.map(({ key }) => key),
    ).toEqual(['a {0} c {1}', 'b\n{0}', '{0} yak', '{0} ox']))

  it.each([
    ['const text = say`early`', 1],
    ['const text = { a: [say`early`] }', 1],
    ['class A { static text = say`early` }', 1],
    ['const text = () => say`late`', 0],
    ['class A { text = () => say`late`; tell() { return say`late` } }', 0],
    ['export function f() { return say`late` }', 0],
  ])('of %s finds %i said too early', (text, found) => expect(scan(text).early).toHaveLength(found))

  it.each([
    "usageError('no such thing')",
    'throw new SeckillError("usage", `no ${thing}`)',
    'context.note(`${n} users`)',
    'const hint = "start it, then try again"',
    "say`${n > 1 ? 'more than one' : ''} x`",
    "pass(a, { hint: 'do it in one script' })",
  ])('finds words outside of say in %s', (text) => expect(scan(text).bare).toHaveLength(1))

  it.each([
    'usageError(say`no such thing`)',
    "command.option('--users <n>', 'how many users')",
    "const spec = { summary: 'fire purchases over HTTP' }",
    "import { a } from './b c.js'",
    "const key = `${sale}_users`; const text = 'sold_out'",
    'const next = `seckill audit ${id} --run none`',
  ])('finds none in %s', (text) => expect(scan(text).bare).toEqual([]))
})
