import { usageError } from '../errors.js'
import { chooseLanguage, LANGUAGES, languageOfLocale, parseLanguage } from '../language/choose.js'
import { listed } from '../language/lists.js'
import { say } from '../language/say.js'
import type { Io } from './io.js'

/**
 * Chooses the language of this call before anything is said: `--lang`, then SECKILL_LANG, then the locale. Looked up in the
 * words themselves, since commander's own complaints have to be in that language, too. Errors: usage, told in the locale's.
 */
export const chooseLanguageOf = async ({ argv, env }: Io): Promise<void> => {
  await chooseLanguage(languageOfLocale(env))
  const [source, wish] = [
    ['--lang', flagIn(argv)],
    ['SECKILL_LANG', env.SECKILL_LANG],
  ].find(([, value]) => value) ?? [undefined, undefined]
  if (source === undefined || wish === undefined) return
  const language = parseLanguage(wish)
  if (language === null)
    throw usageError(say`${source}: no language ${JSON.stringify(wish)}`, say`one of: ${listed(LANGUAGES)}`)
  await chooseLanguage(language)
}

/** The last `--lang` of a command line, as commander has it. */
const flagIn = (argv: readonly string[]): string | undefined => {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  const at = words.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='))
  return words[at] === '--lang' ? words[at + 1] : words[at]?.slice('--lang='.length)
}
