import type { Sentences } from '../say.js'
import { CLI } from './cli.js'
import { USAGE } from './usage.js'

/** Every sentence in Chinese, by room; where two rooms say the same, either may hold it. */
export const ZH: Sentences = { ...CLI, ...USAGE }
