import type { RedisClient } from '../../redis/client.js'
import { command, type RedisFailure, type Reply } from '../../redis/port.js'
import type { Sale } from '../../sale/sale.js'
import { readFinalState } from '../../store/snapshot.js'
import { judge, type Told, type Violation } from '../judge.js'
import type { Setting } from '../setting.js'

/** Judges executions; those that ended alike, in the same timed history, only once. */
export class Verdicts {
  readonly #known = new Map<string, readonly Violation[]>()
  readonly #client: RedisClient
  readonly #sale: Sale
  readonly #setting: Setting
  readonly #strictSoldOut: boolean

  constructor(client: RedisClient, sale: Sale, setting: Setting, strictSoldOut: boolean) {
    this.#client = client
    this.#sale = sale
    this.#setting = setting
    this.#strictSoldOut = strictSoldOut
  }

  /** Reads that show whether the sale ended as another one did. */
  get glances() {
    const { keys, places } = this.#sale
    return [
      command(places.stock.type === 'list' ? 'LLEN' : 'GET', keys.stock),
      this.#inHash ? command('HGETALL', keys.records) : command('LRANGE', keys.records, 0, -1),
    ] as const
  }

  get #inHash(): boolean {
    return this.#sale.places.records[0]?.type === 'hash'
  }

  /** What those reads show, whatever the order of the fields of a hash. */
  orderless(replies: readonly (Reply | RedisFailure)[]): readonly (Reply | RedisFailure)[] {
    const [stock = null, records = null] = replies
    if (!this.#inHash || !Array.isArray(records)) return replies
    const pairs = records.flatMap((field, i) => (i % 2 === 0 ? [`${field} ${records[i + 1]}`] : []))
    return [stock, pairs.sort()]
  }

  /** The rules that an execution broke which has just ended. `stocks`: units after each step. */
  async of(
    glance: readonly (Reply | RedisFailure)[],
    told: readonly Told[],
    stocks: readonly (number | null)[],
  ): Promise<readonly Violation[]> {
    const lowest = Math.min(...stocks.map((units) => units ?? 0))
    const key = JSON.stringify([glance, lowest, told])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const [sale, setting] = [this.#sale, this.#setting]
    const state = await readFinalState(this.#client.redis, sale.places)
    const violations = judge({
      sale,
      setting,
      strictSoldOut: this.#strictSoldOut,
      told,
      state,
      stocks: [setting.stock, ...stocks],
    })
    this.#known.set(key, violations)
    return violations
  }
}
