import { existsSync, readdirSync, statSync } from 'node:fs'
import { npm, root } from './command.mjs'

/** Folders count too: their time is the one trace that a deleted file leaves. */
const newestMs = (path) => {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(`${path}/${name}`)))
}

const isFresh = () => {
  if (!existsSync(`${root}dist`)) return false
  const sources = ['src', 'tsconfig.json', 'tsconfig.build.json'].map((path) => newestMs(root + path))
  return newestMs(`${root}dist`) > Math.max(...sources)
}

/** Builds dist where it is missing or older than src; the exit code, 0 where there was nothing to do. */
export const buildIfStale = (...tscFlags) => {
  if (isFresh()) return 0
  console.error('building: npm run build')
  return npm('run', '--silent', 'build', '--', ...tscFlags)
}
