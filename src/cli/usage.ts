import type { CommanderError } from 'commander'
import { type SeckillError, usageError } from '../errors.js'
import { count, say } from '../language/say.js'

type Said = (...found: string[]) => string

/** What commander says, taken apart so that we can say it: in English the same words. */
const SAID: readonly (readonly [RegExp, Said])[] = [
  [/^unknown option '(.*)'$/, (option) => say`unknown option '${option}'`],
  [/^unknown command '(.*)'$/, (command) => say`unknown command '${command}'`],
  [/^missing required argument '(.*)'$/, (name) => say`missing required argument '${name}'`],
  [/^option '(.*)' argument missing$/, (option) => say`option '${option}' argument missing`],
  [/^required option '(.*)' not specified$/, (option) => say`required option '${option}' not specified`],
  [
    /^option '(.*)' cannot be used with option '(.*)'$/,
    (one, other) => say`option '${one}' cannot be used with option '${other}'`,
  ],
  [
    /^option '(.*?)' argument '(.*)' is invalid\. (.*)$/,
    (option, value, why) => say`option '${option}' argument '${value}' is invalid. ${why}`,
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/,
    (value, name, why) => say`command-argument value '${value}' is invalid for argument '${name}'. ${why}`,
  ],
  [
    /^too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)$/,
    (command, most, given) =>
      say`too many arguments for '${command}'. Expected ${count(Number(most), 'argument')} but got ${given}`,
  ],
]

const SUGGESTION = /^(.*) \(Did you mean (?:one of )?(.*)\?\)$/

/** What commander complains of, as an error of ours. */
export const usageOf = ({ code, message }: CommanderError): SeckillError => {
  if (code === 'commander.help') return usageError(say`no command was given`, say`see --help`)
  const text = message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')
  const [, what = text, meant] = SUGGESTION.exec(text) ?? []
  return usageError(meant === undefined ? saidByUs(what) : suggesting(saidByUs(what), meant), say`see --help`)
}

const suggesting = (what: string, meant: string): string =>
  meant.includes(', ') ? say`${what} (Did you mean one of ${meant}?)` : say`${what} (Did you mean ${meant}?)`

const saidByUs = (text: string): string => {
  for (const [pattern, said] of SAID) {
    const found = pattern.exec(text)
    if (found) return said(...found.slice(1))
  }
  return text
}
