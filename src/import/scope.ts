import { say } from '../language/say.js'
import type { Draft } from './draft.js'
import { ELEMENTS } from './elements/index.js'
import type { Notes } from './note.js'
import type { PlanElement } from './plan.js'
import { Variables } from './variables.js'

export const SAMPLERS = ['HTTPSamplerProxy', 'HTTPSampler', 'HTTPSampler2'] as const

export const isHttp = ({ tag }: PlanElement): boolean => (SAMPLERS as readonly string[]).includes(tag)

/** Elements that hold samplers: what is below another one of them is not in the scope of a sampler. */
export const isGroup = ({ tag }: PlanElement): boolean =>
  /ThreadGroup$|Controller$|^InterleaveControl$|^RunTime$/.test(tag)

const isSampler = (element: PlanElement): boolean =>
  isHttp(element) || /Sampler\d?$|SamplerProxy$|^TestAction$/.test(element.tag)

/** A sampler and what it is below of, from the test plan on. */
export interface Placed {
  readonly sampler: PlanElement
  readonly above: readonly PlanElement[]
}

/** Parts of a plan whose samplers do not buy: before and after the test, or only where another element calls them. */
const ASIDE = /^(SetupThreadGroup|PostThreadGroup|TestFragmentController|WorkBench)$/

/** All HTTP samplers of a plan in its order. What is beside them is noted. */
export const samplersOf = (root: PlanElement, notes: Notes): readonly Placed[] => {
  const walk = (element: PlanElement, above: readonly PlanElement[]): Placed[] => {
    if (ASIDE.test(element.tag)) {
      notes.add('dropped', element, say`what is done before or after the test is not kept; sale.seed can ask the shop`)
      return []
    }
    if (isHttp(element)) return [{ sampler: element, above }]
    if (isSampler(element)) notes.add('dropped', element, say`no HTTP request: not kept`)
    return element.children.flatMap((child) => walk(child, [...above, element]))
  }
  return root.children.flatMap((child) => walk(child, [])).filter(({ above }) => above.length > 0)
}

/** What is in force for a sampler: every element in its scope has been read, and the unknown ones are noted. */
export const draftOf = ({ sampler, above }: Placed, notes: Notes): Draft => {
  const draft: Draft = {
    ...{ sampler, notes, variables: new Variables(notes), group: null, repeats: 1 },
    ...{ defaults: [], headers: new Map(), barrier: null, throughput: null, pause: null },
    ...{ tables: [], assertions: [], captures: new Map() },
  }
  const inScope = above.flatMap((element) => [
    element,
    ...element.children.filter((child) => !isGroup(child) && !isSampler(child)),
  ])
  for (const element of [...inScope, ...sampler.children]) {
    const kind = ELEMENTS.get(element.tag)
    if (kind !== undefined) kind.read(element, draft)
    else notes.add('dropped', element, say`seckill has nothing like it`)
  }
  return draft
}
