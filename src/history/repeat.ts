import { shellWord } from '../sale/shell-word.js'
import type { AttemptTable } from './attempt-table.js'
import type { RunHeader } from './run.js'

/** What was asked for, read back from the attempts of a run. */
export interface Asked {
  /** Users that took part: one more than the highest number of one. */
  readonly users: number
  /** Attempts beyond the first of a user. */
  readonly copies: number
  readonly least: number
  readonly most: number
}

/** Reads it back, attempt by attempt. */
export class AskedFrom {
  #users = 0
  #copies = 0
  #least = Number.POSITIVE_INFINITY
  #most = 0

  add({ userIndex, copy, quantity }: Pick<AttemptTable, 'userIndex' | 'copy' | 'quantity'>, row: number): void {
    const units = quantity[row] as number
    this.#users = Math.max(this.#users, (userIndex[row] as number) + 1)
    if ((copy[row] as number) > 0) this.#copies++
    this.#least = Math.min(this.#least, units)
    this.#most = Math.max(this.#most, units)
  }

  asked(): Asked {
    const least = this.#users === 0 ? 0 : this.#least
    return { users: this.#users, copies: this.#copies, least, most: this.#most }
  }
}

/** The flags that make the same attempts once more, by the same users. */
const loadFlags = (header: RunHeader, { users, copies, least, most }: Asked): string => {
  const shape = header.loadFlags ?? ''
  const share = users === 0 ? 0 : Math.round((copies / users) * 1e6) / 1e4
  const quantity = least < most ? `${least}-${most}` : most
  const twice = copies > 0 && !shape.includes('--attempts-per-user') ? ` --duplicates ${share}%` : ''
  const names = namesFlag(header.users)
  return `--users ${users} --concurrency ${header.concurrency} --quantity ${quantity}${twice}${names}${shape === '' ? '' : ` ${shape}`} --seed ${header.seed}`
}

const namesFlag = (users: RunHeader['users']): string => {
  switch (users.kind) {
    case 'random':
      return ''
    case 'given':
      return users.file === undefined ? '' : ` --usernames ${shellWord(`@${users.file}`)}`
    case 'template':
      return ` --usernames ${shellWord(`template:${users.template}`)}`
    default:
      return ` --usernames ${users.kind}`
  }
}

/** The command that fires a run once more; `more` stands between the shop and its load. The order is up to chance. */
export const fireAgain = (header: RunHeader, asked: Asked, more = ''): string => {
  const shop = header.target.replace(/^strategy /, '--strategy ')
  const fire = header.command === 'simulate' ? `simulate ${shop}` : `blast ${shellWord(shop)}`
  return `seckill ${fire}${more} ${loadFlags(header, asked)}`
}
