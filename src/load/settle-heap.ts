import { getHeapSpaceStatistics } from 'node:v8'

const COLLECTIONS = 2
/** Of garbage; enough for a young space of the usual size, and no more than moments of time. */
const MOST_BYTES = 48 * 2 ** 20
/** Elements of an array, and how many arrays are made between two looks at the heap. */
const [LENGTH, ARRAYS] = [128, 512]

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_used_size ?? 0

/**
 * Has the young objects of this thread collected until those that live (connections, what a run is counted in) have left the
 * young space. They would be copied twice, milliseconds each time, in the first tenths of a second of a run.
 */
export const settleHeap = (): void => {
  let before = youngBytes()
  for (let made = 0, collected = 0; made < MOST_BYTES && collected < COLLECTIONS; made += ARRAYS * LENGTH * 8) {
    Array.from({ length: ARRAYS }, () => new Array(LENGTH).fill(0))
    const now = youngBytes()
    if (now < before) collected++
    before = now
  }
}
