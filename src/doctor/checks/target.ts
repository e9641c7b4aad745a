import { say } from '../../language/say.js'
import { type Check, fail, ok, warn } from '../check.js'
import { isProblem } from '../facts.js'

export const target: Check = {
  ...{ id: 'target', about: 'target' },
  look: ({ target: it }) => {
    if (it === null) return null
    const { display, found } = it
    if (isProblem(found)) return fail(found.message, found.hint ?? null, found.exitCode)
    const message = say`${display} answers (HEAD: status ${found.status})`
    return found.status < 500 ? ok(message) : warn(message, say`it is up, but not well: see its log`)
  },
}
