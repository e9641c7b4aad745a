import type { ElementKind } from '../draft.js'

/** What they mean for outcomes is decided once all of them are known: see outcomes.ts. */
export const assertions: ElementKind = {
  tags: ['ResponseAssertion', 'JSONPathAssertion'],
  read: (element, draft) => {
    draft.assertions.push(element)
  },
}
