import type { Draft, ElementKind } from '../draft.js'
import type { DrawnPiece } from '../piece.js'
import type { PlanElement } from '../plan.js'
import type { Props } from '../props.js'
import type { Variables } from '../variables.js'

export const userDefinedVariables: ElementKind = {
  tags: ['Arguments'],
  read: ({ props }, { variables }) => defineAll(props, variables),
}

/** Variables by name and value, of an element of their own or of the test plan. */
export const defineAll = (props: Props, variables: Variables): void => {
  for (const variable of props.list('Arguments.arguments')) {
    variables.learn(variable.text('Argument.value'))
    variables.define(variable.text('Argument.name'), { text: variable.text('Argument.value') })
  }
}

export const randomVariable: ElementKind = {
  tags: ['RandomVariableConfig'],
  read: (element, draft) => {
    const bound = (name: string) => draft.variables.number(element.props.text(name), element)?.value
    const [min, max] = [bound('minimumValue') ?? 1, bound('maximumValue')]
    const range = max === undefined || max < min ? undefined : ([min, max] as const)
    define(element, draft, 'variableName', 'outputFormat', range)
  },
}

export const counter: ElementKind = {
  tags: ['CounterConfig'],
  read: (element, draft) => define(element, draft, 'CounterConfig.name', 'CounterConfig.format', undefined),
}

/** A number that is drawn, under the name that one property gives it, as another one formats it. */
const define = (
  element: PlanElement,
  { variables }: Draft,
  nameProperty: string,
  formatProperty: string,
  range: DrawnPiece['range'],
): void => {
  const variable = element.props.text(nameProperty).trim()
  const drawn: DrawnPiece = { kind: 'drawn', form: 'number', per: 'attempt', range, by: element.tag, variable }
  // Java's DecimalFormat: letters around the digits stand for themselves.
  const [, before = '', after = ''] = /^([^0#]*)[0#]+([^0#]*)$/.exec(element.props.text(formatProperty)) ?? []
  const bare = before + after === '' ? variable : `${variable}#`
  variables.define(bare, drawn)
  if (bare !== variable)
    variables.define(variable, { text: `${before.replaceAll("'", '')}\${${bare}}${after.replaceAll("'", '')}` })
}
