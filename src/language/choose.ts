import { speak } from './say.js'

export const LANGUAGES = ['en', 'zh'] as const

export type Language = (typeof LANGUAGES)[number]

let language: Language = 'en'

/** The language chosen, for threads and processes of ours that have to choose it too. */
export const chosenLanguage = (): Language => language

/** Everything is said in this language from now on. The sentences load only where they are needed: English costs nothing. */
export const chooseLanguage = async (chosen: Language): Promise<void> => {
  language = chosen
  speak(chosen === 'en' ? null : (await import('./zh/index.js')).ZH)
}

/** `zh`, `zh-CN`, `zh_CN.UTF-8` → zh; null for a language that we do not speak. */
export const parseLanguage = (tag: string): Language | null =>
  LANGUAGES.find((known) => new RegExp(`^${known}(?![a-z])`, 'i').test(tag.trim())) ?? null

/** The environment, as far as it names languages. */
type Environment = Readonly<Record<string, string | undefined>>

/**
 * The language that a locale asks for, as gettext reads it: LC_ALL, LC_MESSAGES, LANG, the first that is set; then the first
 * one of LANGUAGE (`zh_CN:en`) that we speak, unless the locale is C. English where it asks for none of ours.
 */
export const languageOfLocale = ({ LC_ALL, LC_MESSAGES, LANG, LANGUAGE }: Environment): Language => {
  const locale = LC_ALL || LC_MESSAGES || LANG || 'C'
  if (/^(C|POSIX)(\.|$)/.test(locale)) return 'en'
  const wishes = [...(LANGUAGE ?? '').split(':'), locale]
  return wishes.map(parseLanguage).find((known) => known !== null) ?? 'en'
}
