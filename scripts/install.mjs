import { createInterface } from 'node:readline'
import { findOnPath, onStderr, run, stop } from './command.mjs'

const isRoot = () => process.getuid !== undefined && process.getuid() === 0

/** The command line that installs something here, as it has to be typed; undefined where no package manager is known. */
const commandOf = (byTool) => {
  const tool = Object.keys(byTool).find((name) => findOnPath(name))
  if (tool === undefined) return undefined
  if (isRoot() || tool === 'brew') return byTool[tool]
  return `sudo ${process.env.CI ? '-n ' : ''}sh -c '${byTool[tool]}'`
}

const agrees = (question) =>
  new Promise((resolve) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    terminal.on('close', () => resolve(false))
    terminal.question(`${question} (y/N) `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()))
      terminal.close()
    })
  })

/**
 * What `find` finds. Where that is nothing it is installed, `byTool` saying how by each package manager: at once in CI and as
 * root, after a question on a terminal; otherwise one line says what to install, and the process exits with 3.
 */
export const ensure = async ({ find, missing, byTool, byHand }) => {
  const found = find()
  if (found) return found
  const command = commandOf(byTool)
  if (command === undefined) stop(`${missing}: ${byHand}`, 3)

  const unattended = Boolean(process.env.CI) || isRoot()
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY
  if (!unattended && !(isTerminal && (await agrees(`${missing}. Run: ${command} ?`))))
    stop(`${missing}: install one, for example with: ${command}`, 3)

  console.error(`${missing}, so now: ${command}`)
  run('sh', ['-c', command], { stdio: onStderr })
  return find() || stop(`still ${missing}: the command above did not install one`, 3)
}
