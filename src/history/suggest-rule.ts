import { OUTCOMES, type Outcome } from '../sale/outcome.js'
import type { AnswerText } from './answer.js'
import { formatJsonPath, type JsonPath, valueAt } from './json-path.js'

/** An outcome by its own name, as `seckill serve` says it. */
const NAMED = new RegExp(`^(${OUTCOMES.filter((outcome) => outcome !== 'error').join('|')}):`, 'm')
/** What shops say, the more telling first: "already bought" also says "bought". */
const HINTS: readonly (readonly [Outcome, RegExp])[] = [
  ['sold', /恭喜[您你]/],
  ['already_bought', /已经?(?:抢|购|买|下|秒杀|参与)|重复|already|duplicate|twice|repeat/i],
  ['insufficient_stock', /库存不(?:足|够)|insufficient|not enough/i],
  [
    'sold_out',
    /售罄|售完|卖完|卖光|抢完|抢光|抢空|无库存|没有库存|已(?:经)?结束|sold.?out|out of stock|no (?:more )?stock/i,
  ],
  ['not_open', /未开始|尚未开|没有?开始|not (?:yet )?(?:open|started|begun)/i],
  ['throttled', /繁忙|频繁|限流|稍后|稍候|人数过多|too many|rate.?limit|busy|try again|throttl/i],
  ['queued', /排队|处理中|queued|in queue|processing|pending/i],
  ['rejected', /参数|不合法|非法|无效|invalid|illegal|missing|required|bad request/i],
  ['sold', /恭喜|抢到|(?:抢购|秒杀|购买|下单)成功|^成功|success|succeeded|congratulat|bought|purchased|^sold$/i],
  ['error', /nothing was (?:bought|purchased)/i],
]
/** Words that turn a sale into none, or into one that is not certain. Too many of them cost a guess, too few tell a lie. */
const DOUBTS: readonly RegExp[] = [
  /\b(?:no|not|nothing|nobody|never|cannot|unable|unknown|may(?:be)?|might|could)\b|n['’]t\b|not_sent|unsuccess|fail/i,
  /[未没不](?:有|能|曾)?(?:抢购|秒杀|购买|下单)?(?:抢?到|成功)|失败|无法|可能|[是与]否|未知/,
]

const CODE_NAMES =
  /^(?:code|err_?code|err_?no|error_?code|ret|ret_?code|result_?code|status|state|success|ok|result|flag|type)$/i
const MESSAGE_NAMES = /^(?:msg|message|err_?msg|error|reason|info|desc|description|detail|data|text|title)$/i
/** Values that many shops send whatever the answer is. */
const SAYS_OK = /^(?:0|1|200|true|ok|success)$/i
const LONGEST = 60
/** What is shorter says nothing that all share. */
const SHORTEST = 3

/** Outcome that a text names or hints at; undefined where it says nothing certain. */
const outcomeHint = (text: string): Outcome | undefined => {
  const named = NAMED.exec(text)?.[1] as Outcome | undefined
  const doubtful = DOUBTS.some((words) => words.test(text))
  return named ?? HINTS.find(([outcome, words]) => words.test(text) && !(outcome === 'sold' && doubtful))?.[0]
}

/**
 * A flag to paste for an answer that no rule matched: by a telling JSON field, else by its text, else by its status. Its
 * outcome is a guess only where the answer says it in words, else `OUTCOME`; never a sale where the status is an error's.
 * A field that holds the same value in one of the `others` that hint at something else does not tell.
 */
export const suggestRule = (status: number, answer: AnswerText, others: readonly AnswerText[] = []): string => {
  const outcome = hintOf(answer)
  const test = isObject(answer.json) ? fieldTest(answer.json, outcome, others) : textTest(answer.text)
  const certain = outcome === 'sold' && status >= 400 ? undefined : outcome
  return flagOf(`${certain ?? 'OUTCOME'}=${test ?? `status:${status}`}`)
}

/** One flag for answers of which hardly two are alike: the longest text that all begin with, else their status. */
export const suggestCommonRule = (status: number, texts: readonly string[]): string => {
  const [first = '', ...others] = texts.map((text) => text.split('\n', 1)[0]!.slice(0, LONGEST))
  const common = others.reduce((prefix, text) => {
    let length = 0
    while (length < prefix.length && prefix[length] === text[length]) length++
    return prefix.slice(0, length)
  }, first)
  const shared = common.replace(/[\ud800-\udbff]$/, '').trim()
  const test = shared.length < SHORTEST || shared.startsWith('<') ? `status:${status}` : `text:${shared}`
  return flagOf(`OUTCOME=${test}`)
}

const flagOf = (rule: string): string => `--outcome '${rule.replaceAll("'", "'\\''")}'`

const isObject = (json: unknown): json is object => typeof json === 'object' && json !== null

const hintOf = ({ text, json }: AnswerText): Outcome | undefined => outcomeHint(isObject(json) ? wordsOf(json) : text)

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

/** A name with both kinds of quotes has no way into a path. */
const isWritable = (path: JsonPath): boolean => !path.some((step) => /'.*"|".*'/s.test(String(step)))

/** The scalar members at the top and one level below, the top first. */
const fields = (json: object): JsonPath[] => {
  const top = Object.keys(json)
  const inner = top.flatMap((name) => {
    const value = valueAt(json, [name])
    return typeof value === 'object' && value !== null ? Object.keys(value).map((below) => [name, below]) : []
  })
  return [...top.map((name) => [name]), ...inner].filter((path) => isScalar(valueAt(json, path)) && isWritable(path))
}

const wordsOf = (json: object): string =>
  fields(json)
    .map((path) => valueAt(json, path))
    .filter((value) => typeof value === 'string')
    .join('\n')

const fieldTest = (json: object, outcome: Outcome | undefined, others: readonly AnswerText[]): string | undefined => {
  const named = (names: RegExp) =>
    fields(json).find((path) => names.test(String(path.at(-1))) && String(valueAt(json, path)).length <= LONGEST)
  const code = named(CODE_NAMES)
  const message = named(MESSAGE_NAMES)
  const tells = (path: JsonPath) => {
    const value = valueAt(json, path)
    if (path === code && message && outcome && outcome !== 'sold' && SAYS_OK.test(String(value))) return false
    return !others.some((other) => valueAt(other.json, path) === value && hintOf(other) !== outcome)
  }
  const candidates = [code, message].filter((path) => path !== undefined)
  const path = candidates.find(tells) ?? candidates[0]
  return path && `json:${formatJsonPath(path)}=${JSON.stringify(valueAt(json, path))}`
}

/** The first line up to the first number, since numbers differ between answers. */
const textTest = (text: string): string | undefined => {
  if (text.startsWith('<')) return undefined
  const line = text.split('\n', 1)[0]!.trim()
  if (line.length <= LONGEST && !/\d/.test(line)) return line === '' ? undefined : `text:${line}`
  if (/^-?\d{1,6}$/.test(text)) return `text=${text}`
  const start = line.split(/\d/, 1)[0]!.slice(0, LONGEST).trim()
  return start.length >= 2 ? `text:${start}` : undefined
}
