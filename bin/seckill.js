#!/usr/bin/env node
// Nothing newer than Node 14 up to the check: an old Node must get as far as the message.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`seckill needs Node.js 20.19 or newer; this is ${process.versions.node}\n`)
  process.exitCode = 2
} else {
  import('../dist/cli/main.js')
    .then(({ main }) => main())
    .then((code) => {
      process.exitCode = code
    })
}
