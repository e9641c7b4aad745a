// Who bench/load.mjs compares seckill with: how to run each, and how to read how many requests it made.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blastCommand } from './load-run.mjs'

const CONNECTIONS = 500
const SECONDS = 5
const REQUESTS = 400_000
const HEY_REQUESTS = 100_000

const folder = mkdtempSync(join(tmpdir(), 'seckill-peers-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const LUA = join(folder, 'post.lua')
writeFileSync(
  LUA,
  `math.randomseed(os.time())
wrk.method = "POST"
wrk.headers["content-type"] = "application/x-www-form-urlencoded"
request = function()
  return wrk.format(nil, nil, nil, string.format("username=u%08x&purchase=%d", math.random(0, 4294967295), math.random(1, 2)))
end
`,
)

/** Both of Locust's users: HttpUser is the one of its documentation, FastHttpUser the one that it offers for speed. */
const LOCUST_USERS = ['HttpUser', 'FastHttpUser']
const locustFile = (user) => join(folder, `${user}.py`)
for (const user of LOCUST_USERS) {
  writeFileSync(
    locustFile(user),
    `import random
from locust import ${user}, task

class Buyer(${user}):
    @task
    def buy(self):
        self.client.post("", data={"username": "u%08x" % random.getrandbits(32), "purchase": str(random.randint(1, 2))})
`,
  )
}
/** It prints its summary on stderr. */
const locust = (user, url, seconds) => [
  'sh',
  '-c',
  `exec locust -f ${locustFile(user)} --headless --only-summary -u ${CONNECTIONS} -r ${CONNECTIONS} -t ${seconds}s --host ${url} 2>&1`,
]

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** Outside the lockfile, and only for the length of the bench. */
const autocannon = () => {
  const { status } = spawnSync('npm', ['install', '--silent', '--no-save', '--prefix', folder, 'autocannon@8'])
  return status === 0 ? join(folder, 'node_modules', 'autocannon', 'autocannon.js') : null
}

/** The id in a header: version 8.0.0 miscounts a body that holds one, and the server waits for the rest. */
const CANNON = {
  url: 'URL',
  connections: CONNECTIONS,
  duration: SECONDS,
  method: 'POST',
  body: 'username=u12345678&purchase=1',
  idReplacement: true,
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-user': '[<id>]' },
}

const number = (pattern) => (output) => Number(pattern.exec(output)?.[1])

/** Each sends POSTs of a form over 500 connections; all but hey with a user of its own in each. */
export const peers = (url) => {
  const cannon = autocannon()
  return [
    {
      name: 'seckill',
      startUp: blastCommand(url, '--users', 1_000, '--concurrency', CONNECTIONS),
      command: blastCommand(url, '--users', REQUESTS, '--concurrency', CONNECTIONS),
      requests: (output) => JSON.parse(output).attempts,
    },
    has('wrk') && {
      name: 'wrk',
      command: ['wrk', '-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '-s', LUA, url],
      requests: number(/(\d+) requests in/),
    },
    cannon && {
      name: 'autocannon',
      command: [
        'node',
        '-e',
        `require(${JSON.stringify(cannon)})(${JSON.stringify(CANNON)}).then((r) => console.log(r.requests.total))`.replace(
          'URL',
          url,
        ),
      ],
      requests: Number,
    },
    has('hey') && {
      name: 'hey (one body for all)',
      command: [
        'hey',
        '-n',
        HEY_REQUESTS,
        '-c',
        CONNECTIONS,
        '-cpus',
        1,
        '-m',
        'POST',
        '-T',
        'application/x-www-form-urlencoded',
        '-d',
        'username=u1&purchase=1',
        url,
      ].map(String),
      requests: number(/\[200\]\s+(\d+) responses/),
    },
    ...(has('locust') ? LOCUST_USERS : []).map((user) => ({
      name: `Locust (${user})`,
      startUp: locust(user, url, 1),
      command: locust(user, url, SECONDS),
      requests: number(/Aggregated\s+(\d+)/),
    })),
  ].filter(Boolean)
}
