#!/usr/bin/env node
// Plain syntax up to the check: an old Node must get as far as the message.
var version = process.versions.node.split('.').map(Number)
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write('seckill needs Node.js 20.19 or newer; this is ' + process.versions.node + '\n')
  process.exitCode = 2
} else {
  import('../dist/cli/main.js')
    .then(function (main) {
      return main.main()
    })
    .then(function (code) {
      process.exitCode = code
    })
}
