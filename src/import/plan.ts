import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import type { Noted, Notes } from './note.js'
import { Props } from './props.js'
import { type Element, elementsOf, parseXml } from './xml.js'

/** An element of a test plan with those below it. */
export interface PlanElement extends Noted {
  readonly props: Props
  readonly children: readonly PlanElement[]
}

/**
 * Reads a test plan; its root. Elements that are switched off are left out, with what is below them, and noted. Errors: usage, where
 * the text is no XML or no test plan.
 */
export const readPlan = (text: string, name: string, notes: Notes): PlanElement => {
  const root = parseXml(text, name)
  if (root.tagName !== 'jmeterTestPlan')
    throw usageError(
      say`${name} is XML, but no test plan of JMeter: it begins with <${root.tagName}>`,
      say`name a file that JMeter saved (.jmx)`,
    )
  const children = elementsOf(root).flatMap((tree) => childrenOf(tree, notes))
  return { tag: root.tagName, name, line: root.lineNumber ?? 1, props: new Props(root), children }
}

/** In a hashTree every element is followed by the hashTree of what is below it. */
const childrenOf = (tree: Element, notes: Notes): PlanElement[] => {
  const elements = elementsOf(tree)
  return elements.flatMap((element, i) => {
    if (element.tagName === 'hashTree') return []
    const noted = nameOf(element)
    if (element.getAttribute('enabled') === 'false') {
      notes.add('disabled', noted, say`switched off in the plan, and left out`)
      return []
    }
    const below = elements[i + 1]
    const children = below?.tagName === 'hashTree' ? childrenOf(below, notes) : []
    return [{ ...noted, props: new Props(element), children }]
  })
}

const nameOf = (element: Element): Noted => ({
  tag: element.tagName,
  name: element.getAttribute('testname') ?? '',
  line: element.lineNumber ?? 0,
})
