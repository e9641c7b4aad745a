import { constants, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { settleHeap } from '../../src/load/settle-heap.js'

it('has what is young collected twice: what lives through that is young no more', async () => {
  const kinds: unknown[] = []
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as unknown as { readonly detail: { readonly kind: number } }[]
    kinds.push(...entries.map(({ detail }) => detail.kind))
  })
  observer.observe({ entryTypes: ['gc'] })
  settleHeap()
  for (let turns = 0; turns < 10; turns++) await turn()
  observer.disconnect()
  expect(kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MINOR).length).toBeGreaterThanOrEqual(2)
})
