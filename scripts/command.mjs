import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../', import.meta.url))

/** One line on stderr, then the exit code. */
export const stop = (message, exitCode) => {
  console.error(message)
  process.exit(exitCode)
}

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The full path of the first of these programs that is on PATH, or undefined. */
export const findOnPath = (...names) => {
  const folders = (process.env.PATH || '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

/** Runs a program in the repository's folder, its output shown; its exit code, and 1 where a signal ended it. */
export const run = (program, args, options) => {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) console.error(`${program}: ${error.message}`)
  return status === null ? 1 : status
}

/** stdio of a step of the set-up: stdout stays free for what was asked for. */
export const onStderr = ['inherit', 2, 2]

/** Runs npm: the one that started us where there is one, so that a second npm on PATH does no harm. */
export const npm = (...args) => {
  const started = process.env.npm_execpath || ''
  if (started.endsWith('npm-cli.js')) return run(process.execPath, [started, ...args], { stdio: onStderr })
  return run('npm', args, { stdio: onStderr, shell: process.platform === 'win32' })
}
