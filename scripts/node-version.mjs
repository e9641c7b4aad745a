// Imported before anything else, and it must parse on very old versions of Node: no newer syntax here or in what it stands before.
const OLDEST = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `seckill needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}: install a newer one from https://nodejs.org`,
  )
  process.exit(2)
}
