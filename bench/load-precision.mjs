// How exact the rates, bursts and times of `seckill blast` are; see bench/load.mjs.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { median, pinned, seckill } from './common.mjs'
import { blast, output } from './load-run.mjs'

const BARE_BURST = fileURLToPath(new URL('bare-burst.mjs', import.meta.url))
const RATE = 20_000
const DELAY_MS = 200
const FREEZE_MS = 1_000
const FREEZE_RATE = 500

export const open = async ({ url }) => {
  const run = await blast(url, '--rate', `${RATE}/s`, '--duration', '10s')
  const off = run.sentPerSecond.slice(0, 10).map((count) => `${((100 * (count - RATE)) / RATE).toFixed(2)} %`)
  const { verdict, sendLagP99Ms } = run.generator
  console.log(
    `open load of ${RATE}/s: seconds off by ${off.join(', ')}; p99 send lag ${sendLagP99Ms.toFixed(1)} ms (goal 2); late ${run.late}, dropped ${run.dropped}; verdict ${verdict}`,
  )
}

export const burst = async ({ url, port }) => {
  for (const size of [500, 5_000]) {
    const rows = []
    for (let round = 0; round < 5; round++) {
      const bare = Number(await output(pinned(1, ['node', BARE_BURST, String(port), String(size)])))
      const { burst } = await blast(url, '--burst', '--users', size)
      rows.push({ bare, ours: burst.releaseSpreadMs })
    }
    const pairs = rows.map(({ bare, ours }) => `${ours.toFixed(1)} / ${bare.toFixed(1)}`)
    const ratio = median(rows.map(({ bare, ours }) => ours / bare))
    console.log(
      `burst of ${size}, first to last byte, ours / a bare loop: ${pairs.join(' · ')} ms; median ratio ${ratio.toFixed(2)} (goal 1.5)`,
    )
  }
}

/** A server in this process, which answers when it is told to. */
const served = async (answer, work) => {
  const server = createServer((request, response) => {
    request.resume()
    answer(() => response.end('sold out'))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`http://127.0.0.1:${server.address().port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

export const delay = () =>
  served(
    (respond) => {
      // A timer alone comes up to 2 ms late, and that would count as ours.
      const dueMs = performance.now() + DELAY_MS
      const onTime = () => {
        while (performance.now() < dueMs);
        respond()
      }
      setTimeout(onTime, DELAY_MS - 5)
    },
    async (url) => {
      const { latencyMs } = await blast(url, '--rate', '2/s', '--duration', '15s')
      console.log(`a fixed delay of 200 ms at 2/s: p50 ${latencyMs.response.p50.toFixed(1)} ms (goal 198 to 202)`)
    },
  )

export const freeze = async () => {
  let requests = 0
  const run = await served(
    (respond) => {
      if (++requests === FREEZE_RATE) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FREEZE_MS)
      respond()
    },
    (url) => blast(url, '--rate', `${FREEZE_RATE}/s`, '--duration', '4s'),
  )
  const rows = (await output(seckill('report', run.runFile, '--format', 'ndjson'))).trim().split('\n').map(JSON.parse)
  const responses = rows.flatMap((row) => (row.intendedAtUs === undefined ? [] : [row.doneAtUs - row.intendedAtUs]))
  const shares = [100, 500, 900].map((ms) => {
    const slow = responses.filter((us) => us >= ms * 1_000).length
    return `${slow} of ${((FREEZE_MS - ms) * FREEZE_RATE) / 1_000} at ${ms} ms or more`
  })
  console.log(`a freeze of 1 s at ${FREEZE_RATE}/s, response times of those planned in it: ${shares.join(', ')}`)
}
