import type { CommandSpec } from '../spec.js'
import { audit } from './audit.js'
import { blast } from './blast.js'
import { buy } from './buy.js'
import { demo } from './demo.js'
import { init } from './init.js'
import { redis } from './redis.js'
import { reset } from './reset.js'
import { serve } from './serve.js'
import { simulate } from './simulate.js'
import { status } from './status.js'
import { strategies } from './strategies.js'

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  demo,
  serve,
  init,
  status,
  reset,
  buy,
  simulate,
  blast,
  audit,
  redis,
  strategies,
]
