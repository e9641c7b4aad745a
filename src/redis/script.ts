import { createHash } from 'node:crypto'
import type { Script } from './port.js'

const digests = new WeakMap<Script, string>()

/** The name under which EVALSHA finds a script. */
export const sha1Of = (script: Script): string => {
  let digest = digests.get(script)
  if (digest === undefined) {
    digest = createHash('sha1').update(script.lua).digest('hex')
    digests.set(script, digest)
  }
  return digest
}
