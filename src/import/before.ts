import { say } from '../language/say.js'
import { type Buyer, capturesUsed } from './buyer.js'
import type { Draft } from './draft.js'
import type { Notes } from './note.js'
import { literalOf } from './piece.js'
import { type PlanRequest, writeRequest } from './request.js'

/** A request before the purchase that takes something out of its answer. */
export interface Earlier {
  readonly draft: Draft
  readonly request: PlanRequest
}

const LOGIN = /log-?in|sign-?in|auth|登录|登陆/i

export const looksLikeLogin = ({ sampler }: Draft, { path }: PlanRequest): boolean =>
  LOGIN.test(sampler.name) || LOGIN.test(literalOf(path) ?? '')

const MOST_STEPS = 5

/**
 * Requests that the purchase needs something of: the first login before the clock starts, the others as steps of each attempt. Others are noted.
 */
export const beforePurchase = (earlier: readonly Earlier[], purchase: PlanRequest, buyer: Buyer, notes: Notes) => {
  const wanted = capturesUsed(purchase)
  const needed: Earlier[] = []
  for (const each of [...earlier].reverse()) {
    if (![...each.draft.captures.keys()].some((name) => wanted.has(name))) {
      drop(
        each,
        notes,
        say`nothing that the purchase needs comes out of it: not sent; --sampler chooses it as the purchase`,
      )
      continue
    }
    needed.unshift(each)
    notes.join(each.draft.notes)
    for (const name of capturesUsed(each.request)) wanted.add(name)
  }
  const written = needed.map((each) => {
    const { draft, request } = each
    const origin = literalOf(request.origin)
    const elsewhere = origin !== literalOf(purchase.origin) ? { url: origin } : {}
    const capture = Object.fromEntries([...draft.captures].filter(([name]) => wanted.has(name)))
    return { each, sections: { ...elsewhere, ...writeRequest(request, buyer.write), capture } }
  })
  const login = written.find(({ each }) => looksLikeLogin(each.draft, each.request))
  const steps = written.filter((it) => it !== login && !('url' in it.sections)).slice(0, MOST_STEPS)
  for (const it of written)
    if (it !== login && !steps.includes(it))
      drop(it.each, notes, say`steps go to the host of the purchase, ${MOST_STEPS} at most: not kept`)
  return { login: login?.sections, steps: steps.map(({ sections }) => sections) }
}

const drop = ({ draft }: Earlier, notes: Notes, why: string): void => notes.add('dropped', draft.sampler, why)
