import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { didYouMean } from '../sale/nearest.js'
import { withoutSecret } from '../sale-file/secrets.js'
import { beforePurchase, type Earlier, looksLikeLogin } from './before.js'
import { buyerOf } from './buyer.js'
import type { DataSet } from './draft.js'
import type { Write } from './field.js'
import { loadOf } from './load.js'
import { type Note, Notes } from './note.js'
import { outcomesOf } from './outcomes.js'
import { envReference, escaped } from './piece.js'
import { type PlanElement, readPlan } from './plan.js'
import { isMethod, methodOf, requestOf, writeRequest } from './request.js'
import { draftOf, type Placed, samplersOf } from './scope.js'

export type { Note } from './note.js'

/** A file of users that a plan reads, and the columns that it has to have here. */
export interface ImportedTable {
  readonly data: DataSet
  /** The column of the plan that names the user; null where only the file names columns. */
  readonly user: string | null
}

/** What became of a plan. */
export interface Imported {
  /** The sampler that buys. */
  readonly sampler: { readonly name: string; readonly line: number }
  /** Sections of a sale file: target, users, attempt, load, outcomes; a plan does not know where the sale lies. */
  readonly scenario: Readonly<Record<string, unknown>>
  readonly table: ImportedTable | null
  /** Environment variables that hold secrets, which are not written. */
  readonly secrets: readonly string[]
  readonly notes: readonly Note[]
}

/**
 * A test plan of JMeter as the sections of a sale file. `sampler` names the one that buys; else the first that posts and is no login
 * does. Pure. Errors: usage, in one line, for a text that is no plan or holds no such sampler.
 */
export const importPlan = (text: string, name: string, sampler?: string): Imported => {
  const notes = new Notes()
  const samplers = samplersOf(readPlan(text, name, notes), notes)
  const purchase = chosen(samplers, name, sampler)
  const draft = draftOf(purchase, notes)
  const { earlier, learnt } = earlierOf(samplers, purchase)
  for (const captured of learnt) draft.variables.define(captured, { kind: 'captured', name: captured })
  noteOthers(samplers, purchase, earlier, notes)
  const request = requestOf(draft)
  const buyer = buyerOf(request, draft)
  const secrets: string[] = []
  const write: Write = (field) => withoutSecret(field.name, buyer.write(field), secrets)
  const safe = { ...buyer, write }
  const { login, steps } = beforePurchase(earlier, request, safe, notes)
  const origin = request.origin.map((piece) =>
    piece.kind === 'env' ? envReference(piece) : 'text' in piece ? escaped(piece.text) : '',
  )
  const { path, ...target } = writeRequest(request, write)
  const users = {
    ...(buyer.table === undefined ? {} : { file: buyer.table.data.file }),
    ...(buyer.names === undefined ? {} : { names: buyer.names }),
    ...(login === undefined ? {} : { login }),
  }
  const outcomes = outcomesOf(draft)
  return {
    sampler: { name: purchase.sampler.name, line: purchase.sampler.line },
    scenario: {
      target: {
        url: origin.join(''),
        path,
        ...target,
        ...(request.timeoutMs === undefined ? {} : { timeout: `${request.timeoutMs}ms` }),
      },
      ...(Object.keys(users).length === 0 ? {} : { users }),
      ...(steps.length === 0 ? {} : { attempt: { steps } }),
      load: loadOf(draft, buyer),
      ...(outcomes.length === 0 ? {} : { outcomes }),
    },
    table: buyer.table ?? null,
    secrets,
    notes: notes.inOrder(),
  }
}

const chosen = (samplers: readonly Placed[], file: string, wanted: string | undefined): Placed => {
  const able = samplers.filter(({ sampler }) => isMethod(methodOf(sampler.props)))
  if (able.length === 0)
    throw usageError(say`${file} has no HTTP request that is switched on`, say`switch on the sampler that buys`)
  if (wanted !== undefined) {
    const found = able.find(({ sampler }) => sampler.name === wanted)
    if (found) return found
    const names = able.map(({ sampler }) => sampler.name)
    throw usageError(
      say`${file} has no sampler ${JSON.stringify(wanted)}${didYouMean(wanted, names)}`,
      say`one of: ${names.join(', ')}`,
    )
  }
  const posts = able.filter(({ sampler }) => methodOf(sampler.props) !== 'GET')
  const silent = new Notes()
  const buys = (placed: Placed) => {
    const draft = draftOf(placed, silent)
    return !looksLikeLogin(draft, requestOf(draft))
  }
  return posts.find(buys) ?? able.findLast(buys) ?? (able[0] as Placed)
}

const groupOf = ({ above }: Placed): PlanElement | undefined => above.find(({ tag }) => /ThreadGroup$/.test(tag))

/** What the purchase's thread does before it, and the variables that this fills. */
const earlierOf = (samplers: readonly Placed[], purchase: Placed) => {
  const before = samplers
    .slice(0, samplers.indexOf(purchase))
    .filter((placed) => groupOf(placed) === groupOf(purchase) && isMethod(methodOf(placed.sampler.props)))
  const learnt = new Set<string>()
  const earlier: Earlier[] = []
  for (const placed of before) {
    // What it says is noted only once it is known to be needed.
    const draft = draftOf(placed, new Notes())
    for (const captured of learnt) draft.variables.define(captured, { kind: 'captured', name: captured })
    earlier.push({ draft, request: requestOf(draft) })
    for (const captured of draft.captures.keys()) learnt.add(captured)
  }
  return { earlier, learnt }
}

const noteOthers = (samplers: readonly Placed[], purchase: Placed, earlier: readonly Earlier[], notes: Notes): void => {
  for (const { sampler } of samplers) {
    if (sampler === purchase.sampler || earlier.some(({ draft }) => draft.sampler === sampler)) continue
    notes.add(
      'dropped',
      sampler,
      say`a scenario has one purchase, ${JSON.stringify(purchase.sampler.name)}: --sampler chooses another`,
    )
  }
}
