// The fastest burst that Node can make: one byte on each of so many open sockets, in a loop. Prints first to last in ms.
import { connect } from 'node:net'

const [port, size] = process.argv.slice(2).map(Number)
const sockets = []
while (sockets.length < size) {
  const batch = Array.from({ length: Math.min(100, size - sockets.length) }, () =>
    connect({ port, host: '127.0.0.1', noDelay: true }),
  )
  await Promise.all(batch.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
  sockets.push(...batch)
}
await new Promise((resolve) => setTimeout(resolve, 50))
const begin = performance.now()
for (const socket of sockets) socket.write('P', 'latin1')
console.log(performance.now() - begin)
process.exit()
