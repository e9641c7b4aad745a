import { type build, HistogramLogReader } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/history/attempt.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { exporterOf } from '../../src/history/export/index.js'
import { RUN_FORMAT, RUN_VERSION, type RunMeta } from '../../src/history/run.js'

const STARTED = '2026-11-11T12:00:00.000Z'

const meta: RunMeta = {
  path: 'x.run',
  header: {
    ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: 'r', command: 'blast', startedAt: STARTED, sale: 'a' },
    ...{ saleUuid: null, target: 'http://127.0.0.1:5000/seckill', seed: 1, concurrency: 7, timeoutMs: 1_000 },
    ...{ users: { kind: 'given', names: ['ann', 'a "b", c'] }, atStart: null },
  },
  groups: [
    { id: 0, status: 200, sample: '"\\u606d\\u559c"', outcome: 'sold', rule: 'sold=text:恭喜' },
    { id: 1, status: 503, sample: 'busy,\nlater', outcome: 'unknown', rule: null },
    { id: 2, status: 0, sample: 'timeout', outcome: 'unknown', rule: null },
  ],
  footer: null,
  tornBytes: 0,
}

/** A purchase that connects for 1 ms, is 2 ms late and takes 5 ms. */
const attempt = (wish: Partial<Attempt>): Attempt => ({
  ...{ userIndex: 0, copy: 0, quantity: 1, outcome: 'sold', status: 200, group: 0 },
  ...{ intendedAtUs: 10_000, sentAtUs: 12_000, doneAtUs: 17_000, connectUs: 1_000 },
  ...wish,
})

const batches = [
  AttemptTable.of([attempt({}), attempt({ userIndex: 1, copy: 1, outcome: 'unknown', status: 503, group: 1 })]),
  AttemptTable.of([
    attempt({ outcome: 'unknown', status: 0, group: 2, connectUs: 0, ...{ sentAtUs: 1e6, doneAtUs: 1.2e6 } }),
  ]),
]

const text = (format: Parameters<typeof exporterOf>[0], measure: Parameters<typeof exporterOf>[1] = 'response') =>
  [...exporterOf(format, measure)(meta, batches)].join('')

describe('a run as', () => {
  it('ndjson', () => {
    const lines = text('ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toHaveLength(3)
    expect(lines[1]).toEqual({
      ...{ user: 'a "b", c', index: 1, copy: 1, quantity: 1, outcome: 'unknown', status: 503 },
      ...{ intendedAtUs: 10_000, sentAtUs: 12_000, doneAtUs: 17_000, connectUs: 1_000 },
      ...{ responseUs: 7_000, serviceUs: 5_000, rule: null, group: 1 },
    })
  })

  it('csv', () => {
    expect(text('csv').split('\n').slice(0, 3)).toEqual([
      'user,index,copy,quantity,outcome,status,intendedAtUs,sentAtUs,doneAtUs,connectUs,responseUs,serviceUs,rule,group',
      'ann,0,0,1,sold,200,10000,12000,17000,1000,7000,5000,sold=text:恭喜,0',
      '"a ""b"", c",1,1,1,unknown,503,10000,12000,17000,1000,7000,5000,,1',
    ])
  })

  it('jtl: JMeter’s 17 columns, a sample from connecting to the last byte', () => {
    const startMs = Date.parse(STARTED)
    expect(text('jtl')).toBe(
      `timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect
${startMs + 11},6,/seckill,200,sold,ann-0,text,true,,0,0,7,7,http://127.0.0.1:5000/seckill,6,0,1
${startMs + 11},6,/seckill,503,unknown,"a ""b"", c-1",text,false,"busy,
later",0,0,7,7,http://127.0.0.1:5000/seckill,6,0,1
${startMs + 1000},200,/seckill,Non HTTP response code: timeout,unknown,ann-0,text,false,timeout,0,0,7,7,http://127.0.0.1:5000/seckill,200,0,0
`,
    )
  })

  it('jtl of a run in-process', () => {
    const header = { ...meta.header, target: 'strategy counter-lua' }
    const [, line] = [...exporterOf('jtl', 'response')({ ...meta, header }, batches)].join('').split('\n')
    expect(line).toMatch(/,strategy counter-lua,200,sold,.*,7,7,,6,0,1$/)
  })

  it.each([
    ['response', 7, 1_190, 3],
    ['service', 5, 200, 3],
    ['connect', 1, 1, 2],
  ] as const)('hgrm of %s, in ms', (measure, least, most, count) => {
    const lines = text('hgrm', measure).split('\n')
    expect(lines[0]).toMatch(/Value +Percentile +TotalCount/)
    expect(Number(lines[2]!.trim().split(/\s+/)[0])).toBeCloseTo(least, 1)
    expect(lines.join('\n')).toMatch(new RegExp(`Max +=  *${most}\\..*, Total count +=  *${count}\\]`))
  })

  it('hlog: a histogram a second, a measure and an outcome', () => {
    const reader = new HistogramLogReader(text('hlog'))
    const found = new Map<string, number>()
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      const second = (next.startTimeStampMsec - Date.parse(STARTED)) / 1_000
      found.set(`${second} ${next.tag}`, (next as ReturnType<typeof build>).totalCount)
    }
    expect(Object.fromEntries(found)).toEqual({
      ...{ '0 connect': 2, '0 response': 2, '0 response-sold': 1, '0 response-unknown': 1, '0 service': 2 },
      ...{ '1 response': 1, '1 response-unknown': 1, '1 service': 1 },
    })
  })
})
