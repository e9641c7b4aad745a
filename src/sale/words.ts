import { say } from '../language/say.js'
import { printable } from './shell-word.js'

/** `1 unit`, `2 units`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

const SHOWN = 3

/** Up to three names, and how many more there are. */
export const nameSome = (users: readonly string[], inAll = users.length): string => {
  const names = users.slice(0, SHOWN).map(printable).join(', ')
  return inAll > SHOWN ? say`${names} and ${inAll - SHOWN} more` : names
}
