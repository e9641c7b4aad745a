import { say } from '../../language/say.js'
import type { ElementKind } from '../draft.js'

const barrier: ElementKind = {
  tags: ['SyncTimer'],
  read: (element, draft) => {
    draft.barrier = element
  },
}

const throughput: ElementKind = {
  tags: ['ConstantThroughputTimer'],
  read: (element, draft) => {
    draft.throughput = element
  },
}

const pause: ElementKind = {
  tags: ['ConstantTimer'],
  read: (element, draft) => {
    draft.pause = element
  },
}

const randomPauses: ElementKind = {
  tags: ['UniformRandomTimer', 'GaussianRandomTimer', 'PoissonRandomTimer', 'BeanShellTimer', 'JSR223Timer'],
  read: (element, { notes }) => notes.add('dropped', element, say`pauses of random length are not kept`),
}

export const timers: readonly ElementKind[] = [barrier, throughput, pause, randomPauses]
