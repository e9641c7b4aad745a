import { say } from '../../../language/say.js'
import type { StockPlace } from '../../../sale/layout.js'
import { type StockReader, unreadable } from './reader.js'

/** No stock of its own: what is left is what the records leave of the capacity. */
export const noStock: StockReader<Extract<StockPlace, { type: 'none' }>> = {
  read: async () => unreadable(say`this sale keeps no stock: its records alone tell what is left`),
  clear: () => [],
  write: () => [],
}
