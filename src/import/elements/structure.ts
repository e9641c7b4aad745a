import { say } from '../../language/say.js'
import type { ElementKind } from '../draft.js'
import { defineAll } from './variables.js'

export const threadGroup: ElementKind = {
  tags: ['ThreadGroup'],
  read: (element, draft) => {
    draft.group = element
  },
}

export const loopController: ElementKind = {
  tags: ['LoopController'],
  read: (element, draft) => {
    const loops = draft.variables.number(element.props.text('LoopController.loops'), element)
    if (loops !== null && loops.value >= 1) draft.repeats *= Math.floor(loops.value)
    else draft.notes.add('dropped', element, say`it repeats without an end: how often its sampler buys is not kept`)
  },
}

/** They change nothing of what is below them. */
export const plainControllers: ElementKind = {
  tags: ['TestPlan', 'GenericController', 'TransactionController', 'OnceOnlyController', 'RecordingController'],
  read: (element, { variables }) => {
    const own = element.props.element('TestPlan.user_defined_variables')
    if (own) defineAll(own, variables)
  },
}

/** They decide at run time whether and how often what is below them is done. */
export const conditions: ElementKind = {
  tags: [
    ...['IfController', 'WhileController', 'SwitchController', 'ForeachController', 'ThroughputController'],
    ...['RandomController', 'RandomOrderController', 'InterleaveControl', 'RunTime', 'CriticalSectionController'],
  ],
  read: (element, { notes }) =>
    notes.add('dropped', element, say`its condition is not kept: what is below it is always done, once`),
}
