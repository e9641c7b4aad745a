import type { Rule } from '../finding.js'
import { acknowledgedIsRecorded } from './acknowledged-is-recorded.js'
import { conservation } from './conservation.js'
import { noNegativeStock } from './no-negative-stock.js'
import { noOversell } from './no-oversell.js'
import { noSaleOutsideWindow } from './no-sale-outside-window.js'
import { noUndersell } from './no-undersell.js'
import { oneRecordPerUser } from './one-record-per-user.js'
import { oneSuccessPerUser } from './one-success-per-user.js'
import { purchaseLimit } from './purchase-limit.js'
import { queuedIsDecided } from './queued-is-decided.js'
import { realTimeOrder } from './real-time-order.js'
import { recordedIsAcknowledged } from './recorded-is-acknowledged.js'
import { reservedIsRecorded } from './reserved-is-recorded.js'
import { somebodyBought } from './somebody-bought.js'

/** Every rule, in the order of the report. */
export const RULES: readonly Rule[] = [
  noOversell,
  noNegativeStock,
  oneRecordPerUser,
  oneSuccessPerUser,
  purchaseLimit,
  conservation,
  acknowledgedIsRecorded,
  recordedIsAcknowledged,
  queuedIsDecided,
  reservedIsRecorded,
  noUndersell,
  somebodyBought,
  realTimeOrder,
  noSaleOutsideWindow,
]
