import type { RedisClient } from '../../redis/client.js'
import { type AtomicUnit, type DedicatedRedis, type Execute, RedisFailure, type Reply } from '../../redis/port.js'

/** A connection as a strategy sees it. It needs a real one of its own only while it watches keys. */
export class Session {
  watched: string[] = []
  own: DedicatedRedis | null = null

  /** Takes note of a unit that was executed on it. */
  note(unit: AtomicUnit): void {
    if (unit.kind === 'command' && unit.name === 'WATCH') this.watched = [...this.watched, ...unit.args.map(String)]
    if (endsWatch(unit)) this.watched = []
  }
}

const endsWatch = (unit: AtomicUnit): boolean =>
  unit.kind === 'transaction' || (unit.kind === 'command' && unit.name === 'UNWATCH')

/** The promise of a reply, in a box: to wait until a unit is sent is not to wait until it is answered. */
export interface Posted {
  readonly reply: Promise<Reply | RedisFailure>
}

interface Looked extends Posted {
  readonly look: Posted['reply'] | null
}

/**
 * Sends units in the order in which it is told to, as far as possible without waiting for replies: those of one connection
 * stay in order by themselves. Everything goes over one connection but for what a WATCH is about.
 */
export class Wire {
  readonly #client: RedisClient
  readonly #adapt: (execute: Execute) => Execute
  readonly #idle: DedicatedRedis[] = []
  readonly #shared: Execute
  #current: Execute
  #outstanding: Promise<Reply | RedisFailure> = Promise.resolve(null)

  constructor(client: RedisClient, adapt: (execute: Execute) => Execute) {
    this.#client = client
    this.#adapt = adapt
    this.#shared = adapt(client.redis.execute)
    this.#current = this.#shared
  }

  /** Resolves once the unit is on its way, and a `look` right behind it. Where Redis itself is in trouble, replies reject. */
  async post(session: Session, unit: AtomicUnit, look: AtomicUnit | null = null): Promise<Looked> {
    if (session.own === null && unit.kind === 'command' && unit.name === 'WATCH')
      session.own = this.#idle.pop() ?? (await this.#client.dedicated())
    await this.#turnTo(session.own === null ? this.#shared : this.#adapt(session.own.redis.execute), session.own)
    const sent = this.peek(unit)
    // A script that the server does not have yet is sent twice: a look behind it would come before.
    if (look !== null && unit.kind === 'script') await sent.reply
    const posted = { ...sent, look: look && this.peek(look).reply }
    if (session.own !== null && endsWatch(unit)) this.#release(session)
    return posted
  }

  /** Turns to the connection that all share: what is peeked next goes there. */
  share(): Promise<void> {
    return this.#turnTo(this.#shared, null)
  }

  /** Sends a unit right behind the one before, on the same connection; those of one turn of the event loop leave together. */
  peek(unit: AtomicUnit): Posted {
    const reply = this.#current(unit).catch((error: unknown) => {
      if (error instanceof RedisFailure && (error.kind === 'refused' || error.kind === 'partial')) return error
      throw error
    })
    // Handled where it is awaited; here only so that Node does not take it for forgotten.
    reply.catch(() => {})
    this.#outstanding = reply
    return { reply }
  }

  /** Ends what a session watches, wherever its execution was left. */
  async abandon(session: Session): Promise<void> {
    if (session.own !== null) await this.post(session, { kind: 'command', name: 'UNWATCH', args: [] })
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  #owner: DedicatedRedis | null = null

  async #turnTo(execute: Execute, owner: DedicatedRedis | null): Promise<void> {
    if (owner !== this.#owner) await this.#outstanding
    this.#owner = owner
    this.#current = execute
  }

  #release(session: Session): void {
    if (session.own !== null) this.#idle.push(session.own)
    session.own = null
  }
}
