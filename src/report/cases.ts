import { say } from '../language/say.js'

type CaseVerdict = 'pass' | 'fail' | 'inconclusive' | 'untested' | 'skipped'

/** One thing that was judged, for those who count such things: a rule, a threshold, a setting that raced. */
export interface Case {
  /** `seckill.a`: what it belongs to. */
  readonly suite: string
  readonly name: string
  readonly verdict: CaseVerdict
  /** A failure that is to fail nothing. */
  readonly onlyWarns: boolean
  readonly message: string
  readonly users: readonly string[]
  readonly hint: string | null
  readonly next: string | null
}

/** What a command judged. */
export interface Verdicts {
  /** `audit of sale a` */
  readonly subject: string
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** How much of it was tested; empty where there is nothing to say. */
  readonly extent: string
  readonly cases: readonly Case[]
  readonly warnings: readonly string[]
}

/** Documents as the commands print them; what is read of them is described in documents/. */
type Json = Readonly<Record<string, unknown>>

interface JudgedJson {
  readonly id: string
  readonly verdict: CaseVerdict
  readonly onlyWarns: boolean
  readonly message: string
  readonly evidence: { readonly users: readonly string[] }
  readonly hint: string | null
  readonly next: string | null
}

interface ThresholdJson {
  readonly expression: string
  readonly verdict: CaseVerdict
  readonly message: string
}

interface SettingJson {
  readonly users: readonly string[]
  readonly quantities: readonly number[]
  readonly stock: number
  readonly verdict: CaseVerdict
  readonly broken: readonly string[]
}

interface ViolationJson {
  readonly message: string
  readonly hint: string | null
  readonly flags: string
  readonly setting: Pick<SettingJson, 'users' | 'quantities' | 'stock'>
}

const PLAIN = { onlyWarns: false, users: [], hint: null, next: null } as const

/** What this command's document judges; null where it judges nothing. */
export const verdictsOf = (command: string, json: Json): Verdicts | null => READERS[command]?.(json) ?? null

const thresholdCases = ({ thresholds }: Json, suite: string): Case[] =>
  ((thresholds ?? []) as ThresholdJson[]).map(({ expression, verdict, message }) => ({
    ...{ ...PLAIN, suite, name: expression, verdict },
    message: verdict === 'fail' ? say`threshold missed: ${message}` : message,
  }))

const worstOf = (cases: readonly Case[]): Verdicts['verdict'] => {
  const has = (verdict: CaseVerdict) => cases.some((it) => it.verdict === verdict && !it.onlyWarns)
  return has('fail') ? 'fail' : has('inconclusive') ? 'inconclusive' : 'pass'
}

const ofAudit = (json: Json): Verdicts => {
  const { sale, tested, rules, verdict } = json as { sale: string; verdict: Verdicts['verdict'] } & Record<
    string,
    number
  >
  const suite = `seckill.${sale}`
  const invariants = (json.invariants as JudgedJson[]).map(({ id, evidence, ...judged }) => ({
    ...{ suite, name: id, users: evidence.users, verdict: judged.verdict, onlyWarns: judged.onlyWarns },
    ...{ message: judged.message, hint: judged.hint, next: judged.next },
  }))
  const thresholds = thresholdCases(json, suite)
  return {
    subject: say`audit of sale ${sale}`,
    verdict: verdict === 'pass' ? worstOf(thresholds) : verdict,
    extent: say`${tested} of ${rules} rules tested`,
    cases: [...invariants, ...thresholds],
    warnings: json.warnings as string[],
  }
}

const GENERATOR = { valid: 'pass', suspect: 'untested', invalid: 'inconclusive' } as const

const ofLoad = (json: Json): Verdicts => {
  const target = String(json.target ?? json.strategy)
  const suite = `seckill.load`
  const { verdict, reasons } = json.generator as { verdict: keyof typeof GENERATOR; reasons: string[] }
  const message = reasons.length === 0 ? verdict : `${verdict}: ${reasons.join('; ')}`
  const generator = { ...PLAIN, suite, name: 'generator', verdict: GENERATOR[verdict], message }
  const cases = [generator, ...thresholdCases(json, suite)]
  return { subject: say`load on ${target}`, verdict: worstOf(cases), extent: '', cases, warnings: [] }
}

const settingText = ({ users, quantities, stock }: ViolationJson['setting']): string =>
  say`${users.map((user, i) => `${user} ${quantities[i]}`).join(', ')}; stock ${stock}`

interface RacedJson {
  readonly strategy: string
  readonly lockExpiry: boolean
  readonly workers: number | null
  readonly crash: boolean
  readonly verified: boolean
  readonly asDeclared: boolean
  readonly broken: readonly string[]
  readonly declared: readonly string[]
}

/** All strategies are held against what they declare. */
const ofRaces = (strategies: readonly RacedJson[]): Verdicts => {
  const under = ({ lockExpiry, workers, crash }: Pick<RacedJson, 'lockExpiry' | 'workers' | 'crash'>) => [
    ...(lockExpiry ? ['--lock-expiry'] : []),
    ...(workers === null ? [] : [`--workers ${workers}`]),
    ...(crash ? ['--crash'] : []),
  ]
  const cases = strategies.map(({ verified, asDeclared, broken, declared, ...raced }) => ({
    ...{ ...PLAIN, suite: 'seckill.race', name: [raced.strategy, ...under(raced)].join(' ') },
    verdict: verified ? (asDeclared ? ('pass' as const) : ('fail' as const)) : ('skipped' as const),
    message: say`breaks ${broken.join(', ') || '-'}, declares ${declared.join(', ') || '-'}`,
  }))
  return { subject: say`race of every strategy`, verdict: worstOf(cases), extent: '', cases, warnings: [] }
}

const ofRace = (json: Json): Verdicts | null => {
  if (json.strategies !== undefined) return ofRaces(json.strategies as RacedJson[])
  if (json.settings === undefined) return null
  const name = String(json.strategy ?? json.url)
  const suite = `seckill.race`
  const violations = json.violations as ViolationJson[]
  const settings = (json.settings as SettingJson[]).map((setting) => {
    const found = violations.find((it) => settingText(it.setting) === settingText(setting))
    const message = setting.broken.length > 0 ? setting.broken.join(', ') : setting.verdict
    return {
      ...{ ...PLAIN, suite, name: settingText(setting), verdict: setting.verdict },
      message: found === undefined ? message : `${message}: ${found.message}`,
      hint: found?.hint ?? null,
      next:
        found === undefined || json.strategy === undefined ? null : `seckill race --strategy ${name} ${found.flags}`,
    }
  })
  const cases = [...settings, ...thresholdCases(json, suite)]
  return { subject: say`race of ${name}`, verdict: worstOf(cases), extent: '', cases, warnings: [] }
}

/** What was to be found fails no build. */
const softened = (it: Case): Case =>
  it.verdict === 'fail' || it.verdict === 'inconclusive'
    ? { ...it, verdict: 'skipped', message: say`as expected: ${it.message}` }
    : it

const ofRun = (json: Json): Verdicts => {
  const parts = (['blast', 'audit', 'race'] as const).flatMap((step) => {
    const document = json[step] as Json | null
    return document === null || 'error' in document ? [] : (verdictsOf(step, document) ?? [])
  })
  const { verdict, asExpected, expected } = json as Record<string, unknown> & { verdict: Verdicts['verdict'] }
  // These change the exit code, whatever the scenario expects of the sale.
  const own = new Set([
    'generator',
    ...((json.thresholds ?? []) as ThresholdJson[]).map(({ expression }) => expression),
  ])
  const wanted = asExpected === true && verdict !== 'pass'
  const cases = parts.flatMap((part) => part.cases)
  const expectation = {
    ...{ ...PLAIN, suite: 'seckill.run', name: 'expect' },
    verdict: asExpected === true ? 'pass' : verdict === 'inconclusive' ? 'inconclusive' : 'fail',
    message: say`expected ${[expected].flat().join(', ')}, found ${verdict}`,
  } as const
  const all = [expectation, ...cases.map((it) => (wanted && !own.has(it.name) ? softened(it) : it))]
  return {
    subject: say`scenario ${String(json.scenario)}`,
    verdict: worstOf(all),
    extent: parts
      .map(({ extent }) => extent)
      .filter(Boolean)
      .join(', '),
    cases: all,
    warnings: parts.flatMap(({ warnings }) => warnings),
  }
}

const READERS: Readonly<Record<string, (json: Json) => Verdicts | null>> = {
  ...{ audit: ofAudit, blast: ofLoad, simulate: ofLoad, race: ofRace, run: ofRun },
}
