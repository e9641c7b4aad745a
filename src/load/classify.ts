import { type AnswerText, answerOf, readAnswer } from '../history/answer.js'
import { type AnswerGroup, MAX_GROUPS, SAMPLE_LIMIT } from '../history/attempt.js'
import { maskAnswer } from '../history/mask-answer.js'
import { documentRules, type OutcomeRule } from '../history/outcome-rules.js'
import { suggestCommonRule, suggestRule } from '../history/suggest-rule.js'
import { outcomeOfStatus } from '../sale/http-contract.js'
import { mayHaveBought, type Outcome } from '../sale/outcome.js'
import type { HttpReply, Reply } from './transport.js'

export interface Classified {
  readonly outcome: Outcome
  /** Id of the answer's group. */
  readonly group: number
  /** As in {@link AnswerGroup}. */
  readonly rule: string | null
}

/** Answers that neither a rule nor the document's messages matched. */
export interface UnmatchedAnswers {
  readonly count: number
  readonly status: number
  readonly sample: string
  /** A flag to paste, see {@link suggestRule}. */
  readonly suggestedRule: string
}

interface Recent {
  /** As it came last. A transport that knows a response again hands over the same. */
  reply: HttpReply
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
  readonly classified: Classified
}

const CACHE_ENTRIES = 2_048
const CACHED_BODY_BYTES = 2_048
const RECENT = 4
/** Compared with each other when rules are suggested. */
const COMPARED = 50
/** Suggestions for one status: more of them are the answers' ids, not kinds of answers. */
const MOST_RULES = 20
const OVERFLOW_SAMPLE = '(answers beyond the number of groups that are kept)'

/** Tells the outcome of answers, puts those that read alike into groups, and counts the groups. */
export class Classifier {
  readonly #rules: readonly OutcomeRule[]
  readonly #groups: AnswerGroup[] = []
  readonly #counts: number[] = []
  readonly #byKey = new Map<string, Classified>()
  /** Repeated answers are the rule: the decoded and classified ones, by status, content type and bytes. */
  readonly #cache = new Map<string, Classified>()
  /** The few that a server gives over and over: comparing bytes is cheaper than making a key of them. */
  readonly #recent: Recent[] = []
  #oldest = 0
  readonly #unmatched = new Set<number>()
  #taken = 0

  /** `rules` go before those of the document; the first that matches decides. */
  constructor(rules: readonly OutcomeRule[]) {
    this.#rules = [...rules, ...documentRules]
  }

  classify(reply: Reply): Classified {
    const classified = this.#classify(reply)
    this.#counts[classified.group]!++
    return classified
  }

  #classify(reply: Reply): Classified {
    if (reply.kind === 'text') return this.#read(0, answerOf(reply.note))
    if (reply.kind !== 'http') return this.#told(reply.outcome, reply.note)
    return reply.step === undefined ? this.#http(reply) : this.#step(reply, reply.step)
  }

  /** How many answers came when {@link MAX_GROUPS} groups were full, and are known by their outcome alone. */
  beyondGroups(): number {
    return this.#counts.reduce(
      (sum, count, id) => (this.#groups[id]!.sample === OVERFLOW_SAMPLE ? sum + count : sum),
      0,
    )
  }

  /** All groups so far; ids are their positions. */
  groups(): AnswerGroup[] {
    return [...this.#groups]
  }

  /** How many answers fell into a group. */
  count(id: number): number {
    return this.#counts[id] ?? 0
  }

  /** The id here of a group that another thread's classifier, of the same rules, has made. */
  adopt({ status, sample, outcome, rule, cut: wasCut }: AnswerGroup): number {
    if (status === 0) return this.#told(outcome, sample).group
    const { group } = this.#group(outcome, rule, status, answerOf(sample), wasCut)
    this.#noteUnmatched(group)
    return group
  }

  /** Counts an answer that another thread has classified into an adopted group. */
  countIn(id: number): void {
    this.#counts[id]!++
  }

  /** The groups that came up since the last call. */
  takeNewGroups(): AnswerGroup[] {
    const fresh = this.#groups.slice(this.#taken)
    this.#taken = this.#groups.length
    return fresh
  }

  /** Answers without a rule, one entry per suggestion, the most frequent first. 429 needs none. */
  unmatched(): UnmatchedAnswers[] {
    const frequent = [...this.#unmatched].sort((a, b) => this.#counts[b]! - this.#counts[a]!)
    const compared = frequent.slice(0, COMPARED).map((id) => answerOf(this.#groups[id]!.sample))
    const suggested = frequent.map((id) => {
      const { status, sample } = this.#groups[id]!
      const answer = answerOf(sample)
      const suggestedRule = suggestRule(status, answer, compared)
      return { count: this.#counts[id]!, status, sample: answer.text, suggestedRule }
    })
    const byRule = new Map<string, UnmatchedAnswers>()
    const statuses = [...new Set(suggested.map(({ status }) => status))]
    for (const one of statuses.flatMap((code) => withCommonRule(suggested.filter(({ status }) => status === code)))) {
      const earlier = byRule.get(one.suggestedRule) ?? { ...one, count: 0 }
      byRule.set(one.suggestedRule, { ...earlier, count: earlier.count + one.count })
    }
    return [...byRule.values()].sort((a, b) => b.count - a.count)
  }

  #http(reply: HttpReply): Classified {
    const { status, body, contentType } = reply
    if (body.length > CACHED_BODY_BYTES) return this.#read(status, readAnswer(body, contentType))
    for (const recent of this.#recent) {
      if (recent.reply === reply) return recent.classified
      if (recent.status !== status || recent.contentType !== contentType || !recent.body.equals(body)) continue
      recent.reply = reply
      return recent.classified
    }
    const key = `${status} ${contentType}\n${body.toString('latin1')}`
    const cached = this.#cache.get(key)
    if (cached !== undefined) {
      this.#remember(reply, cached)
      return cached
    }
    const classified = this.#read(status, readAnswer(body, contentType))
    if (this.#cache.size >= CACHE_ENTRIES) this.#cache.clear()
    this.#cache.set(key, classified)
    return classified
  }

  /** Only what came twice: where every answer differs, copies would be made for nothing. */
  #remember(reply: HttpReply, classified: Classified): void {
    const { status, contentType, body } = reply
    // The body may lie in a buffer that is read into again.
    this.#recent[this.#oldest] = { reply, status, contentType, body: Buffer.from(body), classified }
    this.#oldest = (this.#oldest + 1) % RECENT
  }

  #read(status: number, answer: AnswerText): Classified {
    const matched = this.#rules.find((rule) => rule.matches(status, answer))
    if (matched !== undefined) return this.#group(matched.outcome, matched.source, status, answer)
    const outcome = outcomeOfStatus(status)
    const classified = this.#group(outcome, outcome === 'unknown' ? null : `status ${status}`, status, answer)
    this.#noteUnmatched(classified.group)
    return classified
  }

  /** Remembers a group that is asked for a rule: none matched it but the status, and it is not the overflow. */
  #noteUnmatched(id: number): void {
    const { status, outcome, rule } = this.#groups[id]!
    if (status !== 0 && outcome !== 'throttled' && (rule === null || rule === `status ${status}`))
      this.#unmatched.add(id)
  }

  /** What ended before the purchase was sent has bought nothing, whatever it says. */
  #step({ status, body, contentType }: HttpReply, step: string): Classified {
    const answer = readAnswer(body, contentType)
    const told = this.#rules.find((rule) => rule.matches(status, answer))?.outcome ?? outcomeOfStatus(status)
    return this.#told(mayHaveBought(told) ? 'not_sent' : told, cut(`${step}: ${status} ${answer.raw}`))
  }

  #told(outcome: Outcome, note: string): Classified {
    const sample = note || outcome
    return this.#groupFor(`${outcome}\n${maskAnswer(sample)}`, { status: 0, sample, outcome, rule: null })
  }

  #group(
    outcome: Outcome,
    rule: string | null,
    status: number,
    { raw, text, json }: AnswerText,
    wasCut = false,
  ): Classified {
    const sample = cut(raw)
    const key = [outcome, rule, status, typeof json, maskAnswer(cut(text))].join('\n')
    return this.#groupFor(key, { status, sample, outcome, rule, ...((wasCut || sample !== raw) && { cut: true }) })
  }

  #groupFor(key: string, group: Omit<AnswerGroup, 'id'>): Classified {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    if (this.#groups.length < MAX_GROUPS) return this.#add(key, group)
    // Status 0 keeps a later reclassification from judging all of them by one of them.
    const overflow = { status: 0, sample: OVERFLOW_SAMPLE, outcome: group.outcome, rule: null }
    const overflowKey = `overflow ${group.outcome}`
    return this.#byKey.get(overflowKey) ?? this.#add(overflowKey, overflow)
  }

  #add(key: string, group: Omit<AnswerGroup, 'id'>): Classified {
    const id = this.#groups.push({ id: this.#groups.length, ...group }) - 1
    this.#counts.push(0)
    const { outcome, rule } = group
    const classified = { outcome, group: id, rule }
    this.#byKey.set(key, classified)
    return classified
  }
}

/** Where a status has too many rules to paste, one for all of it. */
const withCommonRule = (answers: readonly UnmatchedAnswers[]): readonly UnmatchedAnswers[] => {
  if (new Set(answers.map(({ suggestedRule }) => suggestedRule)).size <= MOST_RULES) return answers
  const suggestedRule = suggestCommonRule(
    answers[0]!.status,
    answers.map(({ sample }) => sample),
  )
  return answers.map((answer) => ({ ...answer, suggestedRule }))
}

/** At most {@link SAMPLE_LIMIT} characters, no half of one at the end. */
const cut = (text: string): string =>
  text.length <= SAMPLE_LIMIT ? text : text.slice(0, SAMPLE_LIMIT).replace(/[\ud800-\udbff]$/, '')
