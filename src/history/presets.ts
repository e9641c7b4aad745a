import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { didYouMean } from '../sale/nearest.js'
import { documentRules, type OutcomeRule, parseOutcomeRule } from './outcome-rules.js'

/** Rules for the answers of well-known shops, as their many copies give them. */
const SOURCES = {
  // {"success":true,"data":<order>}, or {"success":false,"errorMsg":…}
  'hm-dianping': [
    'sold=json:$.success=true',
    'already_bought=regex:/不(?:能|允许)重复下单|已经?购买过/',
    'sold_out=text:库存不足',
    'not_open=regex:/秒杀(?:尚|还)?未开始|秒杀已经?结束/',
  ],
  // {"code":0,"data":0} is a place in the queue; versions without one answer with the order. Two sets of codes are about.
  miaosha: [
    'sold=json:$.data.id',
    'queued=json:$.code=0',
    'sold_out=json:$.code=500500',
    'already_bought=json:$.code=500501',
    'throttled=json:$.code=500104',
    'rejected=json:$.code=500102',
    'error=json:$.code=500210',
    'sold_out=json:$.code=40001',
    'already_bought=json:$.code=40002',
    'throttled=json:$.code=30002',
    'rejected=json:$.code=30004',
    'error=json:$.code=30005',
  ],
} as const satisfies Record<string, readonly string[]>

export const PRESETS = ['document', ...(Object.keys(SOURCES) as (keyof typeof SOURCES)[])] as const

export type Preset = (typeof PRESETS)[number]

/** The rules of a preset. Throws a usage error for a name that is none. */
export const presetRules = (name: string): readonly OutcomeRule[] => {
  const preset = PRESETS.find((known) => known === name)
  if (preset === undefined) {
    throw usageError(
      say`no preset ${JSON.stringify(name)}${didYouMean(name, PRESETS)}`,
      say`one of: ${PRESETS.join(say`, `)}`,
    )
  }
  return preset === 'document' ? documentRules : SOURCES[preset].map(parseOutcomeRule)
}
