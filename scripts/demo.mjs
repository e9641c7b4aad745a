import './node-version.mjs'
import { root, run } from './command.mjs'
import { setup } from './setup.mjs'

setup().then(() => {
  process.exitCode = run(process.execPath, [`${root}bin/seckill.js`, 'demo', ...process.argv.slice(2)])
})
