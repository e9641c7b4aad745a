import type { ElementKind } from '../draft.js'
import { assertions } from './assertions.js'
import { csvDataSet } from './csv-data-set.js'
import { headerManager, httpDefaults } from './http.js'
import { listeners } from './listeners.js'
import { jsonExtractor, regexExtractor, scripts } from './post-processors.js'
import { conditions, loopController, plainControllers, threadGroup } from './structure.js'
import { timers } from './timers.js'
import { counter, randomVariable, userDefinedVariables } from './variables.js'

/** Every element that seckill knows what to make of. */
const KINDS: readonly ElementKind[] = [
  ...[threadGroup, loopController, plainControllers, conditions],
  ...[httpDefaults, headerManager],
  ...[userDefinedVariables, randomVariable, counter, csvDataSet],
  ...timers,
  ...[assertions, jsonExtractor, regexExtractor, scripts],
  listeners,
]

/** By tag. */
export const ELEMENTS: ReadonlyMap<string, ElementKind> = new Map(
  KINDS.flatMap((kind) => kind.tags.map((tag) => [tag, kind] as const)),
)
