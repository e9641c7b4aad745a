import { parseJsonPath } from '../../history/json-path.js'
import { say } from '../../language/say.js'
import type { Draft, ElementKind } from '../draft.js'
import type { PlanElement } from '../plan.js'

/** As `capture` of the sale file takes them. */
const CAPTURE_NAME = /^[A-Za-z_][\w-]*$/

const capture = (element: PlanElement, { captures, notes }: Draft, variable: string, source: string | null): void => {
  if (source === null || !CAPTURE_NAME.test(variable))
    notes.add('dropped', element, say`cannot be kept as a capture: ${variable} has no value`)
  else captures.set(variable, source)
}

export const jsonExtractor: ElementKind = {
  tags: ['JSONPostProcessor'],
  read: (element, draft) => {
    const list = (name: string) => element.props.text(`JSONPostProcessor.${name}`).split(';')
    const paths = list('jsonPathExprs')
    for (const [i, variable] of list('referenceNames').entries()) {
      const path = paths[i]?.trim() ?? ''
      capture(element, draft, variable.trim(), parseJsonPath(path)?.rest === '' ? `json:${path}` : null)
    }
  },
}

export const regexExtractor: ElementKind = {
  tags: ['RegexExtractor'],
  read: (element, draft) => {
    const text = (name: string) => element.props.text(`RegexExtractor.${name}`)
    const plain = /^(\$1\$)?$/.test(text('template')) && /^(false)?$/.test(text('useHeaders'))
    capture(element, draft, text('refname'), plain && text('regex') !== '' ? `regex:/${text('regex')}/` : null)
  },
}

const CHANGES_ANSWER = /setResponseData\s*\(/
const DECODES = /ascii2native|unescapeJava|unescapeJson|\\\\+u|parseInt\s*\([^;]*16\s*\)/

/** Of all scripts one is understood: the one that turns `\uXXXX` in answers into characters. */
export const scripts: ElementKind = {
  tags: [
    ...['JSR223PostProcessor', 'BeanShellPostProcessor', 'JSR223PreProcessor', 'BeanShellPreProcessor'],
    ...['JSR223Assertion', 'BeanShellAssertion', 'JSR223Listener', 'BeanShellListener'],
  ],
  read: (element, { notes }) => {
    const script = element.props.text('script')
    if (CHANGES_ANSWER.test(script) && DECODES.test(script))
      notes.add('unnecessary', element, say`answers are read with their \\uXXXX decoded: no script is needed`)
    else notes.add('dropped', element, say`scripts are not run`)
  },
}
