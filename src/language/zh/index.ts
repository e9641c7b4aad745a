import type { Sentences } from '../say.js'
import { AUDIT } from './audit.js'
import { AUDIT_ORDER } from './audit-order.js'
import { AUDIT_RULES } from './audit-rules.js'
import { AUDIT_RUNS } from './audit-runs.js'
import { CI } from './ci.js'
import { CLI } from './cli.js'
import { COMMON } from './common.js'
import { DOCTOR } from './doctor.js'
import { FIRE } from './fire.js'
import { HISTORY } from './history.js'
import { IMPORT } from './import.js'
import { LOAD } from './load.js'
import { PURCHASES } from './purchases.js'
import { QUEUE } from './queue.js'
import { RACE } from './race.js'
import { RACE_COMMAND } from './race-command.js'
import { REDIS } from './redis.js'
import { REPORT } from './report.js'
import { SALE } from './sale.js'
import { SALE_COMMANDS } from './sale-commands.js'
import { SALE_FILE } from './sale-file.js'
import { SCENARIO } from './scenario.js'
import { SERVER } from './server.js'
import { STORE } from './store.js'
import { STRATEGIES } from './strategies.js'
import { USAGE } from './usage.js'
import { VERDICTS } from './verdicts.js'
import { WORDS } from './words.js'

/** Every sentence in Chinese, by room. */
export const ZH: Sentences = {
  ...COMMON,
  ...CI,
  ...WORDS,
  ...USAGE,
  ...CLI,
  ...SALE_COMMANDS,
  ...PURCHASES,
  ...FIRE,
  ...LOAD,
  ...AUDIT,
  ...AUDIT_RULES,
  ...AUDIT_RUNS,
  ...AUDIT_ORDER,
  ...DOCTOR,
  ...RACE_COMMAND,
  ...REDIS,
  ...SALE,
  ...SCENARIO,
  ...IMPORT,
  ...HISTORY,
  ...RACE,
  ...SALE_FILE,
  ...SERVER,
  ...STORE,
  ...STRATEGIES,
  ...REPORT,
  ...QUEUE,
  ...VERDICTS,
}
