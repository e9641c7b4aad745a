import type { Percentiles } from '../history/histogram.js'
import { say } from '../language/say.js'
import { type Followed, followedRows, followedTexts } from '../report/followed.js'
import { thousands } from './numbers.js'

interface FollowedRun {
  readonly followed: Followed
  /** Response time of the queued; undefined where there are none. */
  readonly acceptance: Percentiles | undefined
  readonly complete: boolean
  readonly interrupted: boolean
}

/** What became of queued attempts, for people: how long until accepted and until decided, and how many. */
export const renderFollowed = async ({ followed, acceptance, complete, interrupted }: FollowedRun): Promise<string> => {
  const texts = followedTexts(followed, complete, interrupted)
  if (followed.queued === 0) return texts.join('\n')
  const { tableOf } = await import('./style.js')
  const rows = followedRows(followed, acceptance).map(({ name, count, at }) => [
    name,
    thousands(count),
    ...(at === null ? ['', '', ''] : [at.p50, at.p99, at.max].map((ms) => ms.toFixed(1))),
  ])
  const table = tableOf([say`queued`, say`attempts`, 'p50 ms', 'p99 ms', say`max ms`], rows, { numbers: [1, 2, 3, 4] })
  return [table, ...texts].join('\n')
}
