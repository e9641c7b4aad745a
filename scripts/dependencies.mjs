import { existsSync, readFileSync } from 'node:fs'
import { npm, root } from './command.mjs'

const packagesOf = (file) => JSON.parse(readFileSync(root + file, 'utf8')).packages

/** npm keeps its own list of what it put into node_modules; packages of other platforms are rightly missing there. */
const isInstalled = () => {
  const list = 'node_modules/.package-lock.json'
  if (!existsSync(root + list)) return false
  const installed = packagesOf(list)
  return Object.entries(packagesOf('package-lock.json')).every(([path, { version, optional }]) => {
    if (path === '') return true
    return installed[path] === undefined ? optional === true : installed[path].version === version
  })
}

/**
 * Installs what package-lock.json names where node_modules is missing or differs; the exit code, 0 where it did not. Not
 * `npm ci`: it refuses a lockfile that lacks optional packages of other platforms, and not every registry has them all.
 */
export const installIfChanged = () => {
  if (isInstalled()) return 0
  console.error('installing dependencies')
  return npm('install', '--no-save')
}
