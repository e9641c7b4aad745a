import { closeSync, openSync, writeSync } from 'node:fs'
import { messageOf, SeckillError, systemCodeOf } from '../../errors.js'
import { say } from '../../language/say.js'

/** Writes text to a file, piece by piece. Errors: refused_overwrite for one that is there, unless `force`; disk. */
export const writePieces = (path: string, pieces: Iterable<string>, force: boolean): void => {
  try {
    const file = openSync(path, force ? 'w' : 'wx')
    try {
      for (const piece of pieces) writeSync(file, piece)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof SeckillError) throw error
    const hint = say`name another file with --out`
    if (systemCodeOf(error) === 'EEXIST') {
      throw new SeckillError(
        'refused_overwrite',
        say`${path} exists already`,
        say`${hint}, or overwrite it with --force`,
      )
    }
    throw new SeckillError('disk', say`cannot write ${path}: ${messageOf(error)}`, hint, error)
  }
}
