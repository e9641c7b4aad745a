import { say } from '../language/say.js'
import { printable } from './shell-word.js'

const SHOWN = 3

/** Up to three names, and how many more there are. */
export const nameSome = (users: readonly string[], inAll = users.length): string => {
  const names = users.slice(0, SHOWN).map(printable).join(say`, `)
  return inAll > SHOWN ? say`${names} and ${inAll - SHOWN} more` : names
}
