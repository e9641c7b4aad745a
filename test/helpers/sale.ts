import { type AuditResult, audit } from '../../src/audit/audit.js'
import type { Attempt } from '../../src/history/attempt.js'
import { AttemptTable } from '../../src/history/attempt-table.js'
import { RUN_FORMAT, RUN_VERSION, type Run } from '../../src/history/run.js'
import type { RedisPort } from '../../src/redis/port.js'
import type { InvariantId } from '../../src/sale/invariant.js'
import { type KeyOptions, keysOf, saleKeys } from '../../src/sale/keys.js'
import { type LayoutName, layoutOf, type Places, presetPlaces } from '../../src/sale/layout.js'
import type { Outcome } from '../../src/sale/outcome.js'
import type { Sale } from '../../src/sale/sale.js'
import { newSaleUuid } from '../../src/store/meta.js'
import { seedSale } from '../../src/store/seed.js'
import { readFinalState } from '../../src/store/snapshot.js'
import { StockMissing } from '../../src/strategies/strategy.js'
import { freshSaleId } from './redis.js'

export interface SaleWish {
  readonly layout?: LayoutName
  /** In place of a layout; `ID` in their keys is the sale's id. */
  readonly places?: Partial<Places> | undefined
  readonly stock: number
  readonly limit?: number
  readonly ttlSeconds?: number | null
  readonly id?: string
  readonly keys?: KeyOptions
}

/** A sale that no other test has, not yet written. */
export const freshSale = ({
  layout = 'list',
  places: wanted,
  stock,
  limit = 2,
  ttlSeconds = null,
  id = freshSaleId(),
  keys,
}: SaleWish): Sale => {
  const preset = presetPlaces(layout, saleKeys(id, keys))
  const own = wanted && (JSON.parse(JSON.stringify(wanted).replaceAll('ID', id)) as Partial<Places>)
  const places = { ...preset, ...own }
  return {
    id,
    uuid: newSaleUuid(),
    layout: layoutOf(places),
    places,
    keys: keysOf(id, places),
    initial: stock,
    perUser: { orders: 1, units: limit },
    ttlSeconds,
    seededAt: new Date().toISOString(),
  }
}

/** A sale that no other test has, written as `init` writes it. */
export const seedFresh = async (redis: RedisPort, wish: SaleWish): Promise<Sale> => {
  const sale = freshSale(wish)
  await seedSale(redis, sale, { now: new Date(sale.seededAt ?? 0) })
  return sale
}

interface Buying {
  buy(purchase: { user: string; quantity: number }): Promise<Outcome>
}

/** The customers of a sale: they buy, remember what they were told, and hand it in as a run. */
export class Customers {
  readonly #sale: Sale
  readonly #names: string[] = []
  readonly #indexes = new Map<string, number>()
  readonly #tries = new Map<string, number>()
  readonly #attempts: Attempt[] = []
  readonly #startedMs = performance.now()

  constructor(sale: Sale) {
    this.#sale = sale
  }

  /** What the buyer is told; a missing stock counts as `error`, as the load engine has it. */
  async buy(shop: Buying, user: string, quantity: number): Promise<Outcome> {
    const copy = this.#tries.get(user) ?? 0
    this.#tries.set(user, copy + 1)
    const sentAtUs = this.#nowUs()
    const outcome = await shop.buy({ user, quantity }).catch((error: unknown): Outcome => {
      if (error instanceof StockMissing) return 'error'
      throw error
    })
    this.told(user, quantity, outcome, { copy, sentAtUs })
    return outcome
  }

  /** Notes an answer that came by another way. */
  told(user: string, quantity: number, outcome: Outcome, { copy = 0, sentAtUs = this.#nowUs() } = {}): void {
    const doneAtUs = this.#nowUs()
    const userIndex = this.#indexOf(user)
    const times = { intendedAtUs: sentAtUs, sentAtUs, doneAtUs, connectUs: 0 }
    this.#attempts.push({ userIndex, copy, quantity, outcome, status: 0, group: 0, ...times })
  }

  count(outcome: Outcome): number {
    return this.#attempts.filter((attempt) => attempt.outcome === outcome).length
  }

  run(): Run {
    const outcomes: Partial<Record<Outcome, number>> = {}
    for (const { outcome } of this.#attempts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const { id, uuid, initial } = this.#sale
    const startedAt = new Date().toISOString()
    return {
      path: '(memory)',
      header: {
        ...{ format: RUN_FORMAT, version: RUN_VERSION, runId: 'memory', command: 'simulate', startedAt },
        ...{ sale: id, saleUuid: uuid, target: 'memory', seed: 1, users: { kind: 'given', names: this.#names } },
        ...{ concurrency: 1, timeoutMs: 1_000, atStart: { remaining: initial, records: 0, users: [] } },
        strictSoldOut: true,
      },
      attempts: AttemptTable.of(this.#attempts),
      groups: [],
      tornBytes: 0,
      footer: {
        ...{ endedAt: startedAt, elapsedMs: this.#nowUs() / 1_000, interrupted: false },
        ...{ attempts: this.#attempts.length, outcomes },
        // Watched, and no dip seen.
        stock: { lowest: initial, last: initial, samples: 2, intervalMs: 50 },
      },
    }
  }

  /** Judges the sale as it stands in Redis, `laterMs` from now, with what these customers were told. */
  async audit(redis: RedisPort, laterMs = 0): Promise<AuditResult> {
    const state = await readFinalState(redis, this.#sale.places)
    return audit({ sale: this.#sale, state, moving: null, nowMs: Date.now() + laterMs, runs: [this.run()] })
  }

  #indexOf(user: string): number {
    const known = this.#indexes.get(user)
    if (known !== undefined) return known
    this.#indexes.set(user, this.#names.length)
    return this.#names.push(user) - 1
  }

  #nowUs(): number {
    return (performance.now() - this.#startedMs) * 1_000
  }
}

/** The invariants that failed. */
export const failures = (result: AuditResult): InvariantId[] =>
  result.invariants.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)

/** What an audit found about one invariant. */
export const findingOf = (result: AuditResult, id: InvariantId) => {
  const found = result.invariants.find((judged) => judged.id === id)
  if (found === undefined) throw new Error(`the audit says nothing about ${id}`)
  return found
}
