import './node-version.mjs'
import { ensureBrowser } from './browser.mjs'
import { root, run } from './command.mjs'
import { setup } from './setup.mjs'
import { runSuite } from './suite.mjs'

let closing

const tool = (name, ...args) => run(`${root}node_modules/.bin/${name}`, args, { shell: process.platform === 'win32' })

const suite = (args) => {
  const result = runSuite(args)
  closing = result.closing
  return result.exitCode
}

// Biome colours into pipes where CI is set.
const colours = process.stdout.isTTY ? [] : ['--colors=off']

const steps = (vitestArgs) => ({
  biome: () => tool('biome', 'ci', '--error-on-warnings', ...colours),
  types: () => tool('tsc', '-p', 'tsconfig.json'),
  vitest: () => suite(vitestArgs),
  knip: () => tool('knip'),
  publint: () => tool('publint', '--strict'),
})

const seconds = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`

/** Every step until one fails: the exit code of the last, and a line for each. */
const runSteps = (all) => {
  const done = []
  for (const [name, step] of Object.entries(all)) {
    console.log(`\n── ${name}`)
    const startMs = Date.now()
    const exitCode = step()
    done.push(
      `${name.padEnd(8)} ${seconds(startMs).padStart(8)}${exitCode === 0 ? '' : `  failed, exit code ${exitCode}`}`,
    )
    if (exitCode !== 0) return { exitCode, done }
  }
  return { exitCode: 0, done }
}

setup()
  .then(ensureBrowser)
  .then(() => {
    const { exitCode, done } = runSteps(steps(process.argv.slice(2)))
    console.log(`\n${done.join('\n')}\n`)
    if (closing) console.log(closing)
    process.exitCode = exitCode
  })
