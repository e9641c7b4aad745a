import { type build, HistogramLogReader } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/history/attempt.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { DecisionTable } from '../../src/history/decision-table.js'
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
      ...{ decision: null, decidedAtUs: null, decisionUs: null },
    })
  })

  it('csv', () => {
    expect(text('csv').split('\n').slice(0, 3)).toEqual([
      'user,index,copy,quantity,outcome,status,intendedAtUs,sentAtUs,doneAtUs,connectUs,responseUs,serviceUs,rule,group,decision,decidedAtUs,decisionUs',
      'ann,0,0,1,sold,200,10000,12000,17000,1000,7000,5000,sold=text:恭喜,0,,,',
      '"a ""b"", c",1,1,1,unknown,503,10000,12000,17000,1000,7000,5000,,1,,,',
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

/** Three that left 2 ms after they were due and were told "queued" 2 ms later: one won 2.2 s after it was due, one lost, one heard nothing. */
describe('a run whose queued attempts were followed, as', () => {
  const queued = (userIndex: number, copy: number): Attempt =>
    attempt({ userIndex, copy, outcome: 'queued', status: 202, connectUs: 0, sentAtUs: 12_000, doneAtUs: 14_000 })
  const told = [AttemptTable.of([queued(0, 0), queued(1, 0)]), AttemptTable.of([queued(0, 1), attempt({ copy: 2 })])]
  const decisions = DecisionTable.of([
    { userIndex: 1, copy: 0, outcome: 'sold_out', decidedAtUs: 700_000 },
    { userIndex: 0, copy: 1, outcome: 'sold', decidedAtUs: 2_210_000.4 },
  ])
  const textOf = (
    format: Parameters<typeof exporterOf>[0],
    batches = told,
    measure: Parameters<typeof exporterOf>[1] = 'decision',
  ) => [...exporterOf(format, measure)({ ...meta, decisions }, batches)].join('')

  it('ndjson and csv: what each came to, and how long after it was due', () => {
    const rows = textOf('ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(
      rows.map(({ outcome, decision, decidedAtUs, decisionUs }) => [outcome, decision, decidedAtUs, decisionUs]),
    ).toEqual([
      ['queued', null, null, null],
      ['queued', 'sold_out', 700_000, 690_000],
      ['queued', 'sold', 2_210_000, 2_200_000],
      ['sold', null, null, null],
    ])
    const lines = textOf('csv').trimEnd().split('\n')
    expect(lines.map((line) => line.split(',').slice(-3).join(','))).toEqual([
      ...['decision,decidedAtUs,decisionUs', ',,', 'sold_out,700000,690000', 'sold,2210000,2200000', ',,'],
    ])
  })

  it('jtl: the decision is a sample of its own, from the planned send on; an undecided attempt has none', () => {
    const startMs = Date.parse(STARTED)
    const [, ...lines] = textOf('jtl').trimEnd().split('\n')
    const accepted = `${startMs + 12},2,/seckill,202,queued`
    expect(lines).toEqual([
      `${accepted},ann-0,text,true,,0,0,7,7,http://127.0.0.1:5000/seckill,2,0,0`,
      `${accepted},"a ""b"", c-0",text,true,,0,0,7,7,http://127.0.0.1:5000/seckill,2,0,0`,
      `${startMs + 10},690,/seckill decision,,sold_out,"a ""b"", c-0",text,true,,0,0,7,7,,690,0,0`,
      `${accepted},ann-1,text,true,,0,0,7,7,http://127.0.0.1:5000/seckill,2,0,0`,
      `${startMs + 10},2200,/seckill decision,,sold,ann-1,text,true,,0,0,7,7,,2200,0,0`,
      `${startMs + 11},6,/seckill,200,sold,ann-2,text,true,,0,0,7,7,http://127.0.0.1:5000/seckill,6,0,1`,
    ])
  })

  it('jtl: a decision that failed is a failed sample', () => {
    const failed = DecisionTable.of([{ userIndex: 0, copy: 0, outcome: 'error', decidedAtUs: 20_000 }])
    const lines = [...exporterOf('jtl', 'response')({ ...meta, decisions: failed }, told)].join('').split('\n')
    expect(lines[2]).toMatch(/,10,\/seckill decision,,error,ann-0,text,false,,/)
  })

  it('hgrm of the time to decision alone', () => {
    expect(textOf('hgrm')).toMatch(/Max += +2200\.\d+, Total count += +2\]/)
    expect(textOf('hgrm', told, 'response')).toMatch(/Total count += +4\]/)
  })

  const tagsOf = (log: string) => {
    const reader = new HistogramLogReader(log)
    const found: [string, number][] = []
    for (let next = reader.nextIntervalHistogram(); next !== null; next = reader.nextIntervalHistogram()) {
      const second = (next.startTimeStampMsec - Date.parse(STARTED)) / 1_000
      found.push([`${second} ${next.tag}`, (next as ReturnType<typeof build>).totalCount])
    }
    expect(new Set(found.map(([name]) => name)).size).toBe(found.length)
    return Object.fromEntries(found)
  }
  const FIRST = { '0 response': 4, '0 response-queued': 3, '0 response-sold': 1, '0 service': 4, '0 connect': 1 }

  it('hlog: the second of a decision is the one in which it was decided, long after the last answer or not', () => {
    expect(tagsOf(textOf('hlog'))).toEqual({
      ...{ ...FIRST, '0 decision': 1, '0 decision-sold_out': 1 },
      ...{ '2 decision': 1, '2 decision-sold': 1 },
    })
    const later = [...told, AttemptTable.of([attempt({ userIndex: 1, copy: 9, doneAtUs: 5_000_000 })])]
    expect(tagsOf(textOf('hlog', later))).toMatchObject({ '0 decision': 1, '2 decision-sold': 1, '5 response-sold': 1 })
  })

  it('hlog: a decision whose attempt stands behind later ones is not lost', () => {
    const late = AttemptTable.of([attempt({ userIndex: 1, copy: 9, doneAtUs: 1_500_000 })])
    const [first, second] = told as [AttemptTable, AttemptTable]
    expect(tagsOf(textOf('hlog', [second, late, first]))).toMatchObject({
      ...{ '1 decision': 1, '1 decision-sold_out': 1, '2 decision': 1, '2 decision-sold': 1 },
    })
  })
})
