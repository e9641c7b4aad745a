import { usageError } from '../errors.js'
import { say } from '../language/say.js'
import { uuidOf } from './identity.js'
import { didYouMean } from './nearest.js'
import { HALF, permutation } from './permutation.js'

/** How virtual users are called. Every kind but `given` is unique by construction: no table, no collision. */
export type UserNaming =
  | { readonly kind: 'random' | 'zh'; readonly seed: number }
  | { readonly kind: 'sequential' }
  | { readonly kind: 'template'; readonly seed: number; readonly template: string }
  /** `file`: where they stand, as `--usernames @file` named it. */
  | { readonly kind: 'given'; readonly names: readonly string[]; readonly file?: string }

export const USERNAME_KINDS = ['random', 'sequential', 'zh'] as const

/** The name of user `index` (0 ≤ index < 2^40). */
export type UserNamer = (index: number) => string

/** Names of letters, digits and hyphens of ASCII only: the same, however they are encoded. */
export const areNamesPlain = ({ kind }: UserNaming): boolean => kind === 'random' || kind === 'sequential'

const TEMPLATE = 'template:'

/** How `--usernames` is written. */
export const USERNAME_FORMS = `${USERNAME_KINDS.join(', ')}, ${TEMPLATE}… or @file.csv`

/** Reads `random`, `sequential`, `zh` or `template:…`. Throws a usage error. */
export const userNaming = (form: string, seed: number): UserNaming => {
  if (form.startsWith(TEMPLATE)) {
    const template = form.slice(TEMPLATE.length)
    templateName(template, seed)
    return { kind: 'template', seed, template }
  }
  const kind = USERNAME_KINDS.find((name) => name === form)
  if (kind === undefined) {
    const hint = say`one of: ${USERNAME_KINDS.join(say`, `)}, ${TEMPLATE}… or @file.csv`
    throw usageError(say`no kind of user names ${JSON.stringify(form)}${didYouMean(form, USERNAME_KINDS)}`, hint)
  }
  return kind === 'sequential' ? { kind } : { kind, seed }
}

export const userNamer = (naming: UserNaming): UserNamer => {
  switch (naming.kind) {
    case 'random':
      return randomName(naming.seed)
    case 'zh':
      return chineseName(naming.seed)
    case 'sequential':
      return (index) => `user-${String(index + 1).padStart(6, '0')}`
    case 'template':
      return templateName(naming.template, naming.seed)
    case 'given':
      return (index) => naming.names[index] as string
  }
}

/** Each different for every user, and of a length that only the number of digits of the user's index decides. */
const UNIQUE_PARTS: Readonly<Record<string, (seed: number) => UserNamer>> = {
  index: () => String,
  random: (seed) => randomName(seed),
  uuid: (seed) => {
    const uuid = uuidOf(seed)
    return (index) => uuid(index, 0)
  },
}

/** Texts and unique parts in turn: two users with one name would agree in every part. */
const templateName = (template: string, seed: number): UserNamer => {
  const known = Object.keys(UNIQUE_PARTS)
  const hint = say`a template holds at least one of ${known.map((name) => `{{${name}}}`).join(say`, `)}`
  const parts = template.split(/\{\{\s*([^{}]*?)\s*\}\}/).map((piece, i) => {
    if (i % 2 === 0) return piece
    if (Object.hasOwn(UNIQUE_PARTS, piece)) return UNIQUE_PARTS[piece]!(seed)
    throw usageError(
      say`unknown placeholder {{${piece}}} in the template of user names${didYouMean(piece, known)}`,
      hint,
    )
  })
  if (parts.length === 1) throw usageError(say`template ${JSON.stringify(template)} gives all users one name`, hint)
  return (index) => {
    let name = ''
    for (const part of parts) name += typeof part === 'string' ? part : part(index)
    return name
  }
}

// Crockford's base 32: lower case only, since shops fold case, and no letters that look alike.
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'
const PAIRS = Array.from({ length: 1024 }, (_, i) => `${LETTERS[i >> 5]}${LETTERS[i & 31]}`)
const FIRST_PAIRS = PAIRS.map((pair) => `u${pair}`)

const randomName = (seed: number): UserNamer => {
  const permute = permutation(seed)
  return (index) => {
    const { high, low } = permute(index)
    return FIRST_PAIRS[high >> 10]! + PAIRS[high & 1023]! + PAIRS[low >> 10]! + PAIRS[low & 1023]!
  }
}

const SURNAMES = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏',
]
const GIVEN = [
  ...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉红建国文志海永春秋雨晨欣怡子涵梓轩浩宇思佳琪诗若曦一诺可心语嫣俊辉凯旭佩雅婷雪',
]

/** A Chinese name and a number: 64 surnames × 64 × 64 given × 2^22, the 2^40 names of the permutation. */
const chineseName = (seed: number): UserNamer => {
  const permute = permutation(seed)
  return (index) => {
    const { high, low } = permute(index)
    const name = `${SURNAMES[high >> 14]}${GIVEN[(high >> 8) & 63]}${GIVEN[(high >> 2) & 63]}`
    return name + ((high & 3) * HALF + low)
  }
}
