import { shellWord } from '../sale/shell-word.js'
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

/** The flags that make the same attempts once more, by the same users. */
const loadFlags = (header: RunHeader, { users, copies, least, most }: Asked): string => {
  const shape = header.loadFlags ?? ''
  const share = users === 0 ? 0 : Math.round((copies / users) * 1e6) / 1e4
  const quantity = least < most ? `${least}-${most}` : most
  const twice = copies > 0 && !shape.includes('--attempts-per-user') ? ` --duplicates ${share}%` : ''
  const names = namesFlag(header.users)
  return `--users ${users} --concurrency ${header.concurrency} --quantity ${quantity}${twice}${names}${shape === '' ? '' : ` ${shape}`} --seed ${header.seed}`
}

/** Given names lie in a file that nobody names here. */
const namesFlag = (users: RunHeader['users']): string => {
  if (users.kind === 'random' || users.kind === 'given') return ''
  return ` --usernames ${users.kind === 'template' ? shellWord(`template:${users.template}`) : users.kind}`
}

/** The command that fires a run once more; `more` stands between the shop and its load. The order is up to chance. */
export const fireAgain = (header: RunHeader, asked: Asked, more = ''): string => {
  const shop = header.target.replace(/^strategy /, '--strategy ')
  const fire = header.command === 'simulate' ? `simulate ${shop}` : `blast ${shellWord(shop)}`
  return `seckill ${fire}${more} ${loadFlags(header, asked)}`
}
