import './node-version.mjs'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run } from './command.mjs'

/** The plain closing line of a run; a test file that could not even be loaded counts as one failed test. */
const closingLine = (results) => {
  const broken = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const skipped = results.numPendingTests + results.numTodoTests
  const line = `${results.numPassedTests} passed, ${results.numFailedTests + broken.length} failed`
  return skipped > 0 ? `${line}, ${skipped} skipped` : line
}

/** Runs vitest on the Node that runs this: its exit code, and the closing line (undefined where vitest did not get that far). */
export const runSuite = (args) => {
  const folder = mkdtempSync(join(tmpdir(), 'seckill-results-'))
  const file = join(folder, 'results.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const exitCode = run(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, 'run', ...reporters, ...args])
    return { exitCode, closing: closingLine(JSON.parse(readFileSync(file, 'utf8'))) }
  } catch (error) {
    console.error(`vitest left no results: ${error.message}`)
    return { exitCode: 1, closing: undefined }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { exitCode, closing } = runSuite(process.argv.slice(2))
  if (closing) console.log(closing)
  process.exitCode = exitCode
}
