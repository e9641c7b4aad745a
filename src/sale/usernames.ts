/** How virtual users are called. Every kind but `given` is unique by construction: no table, no collision. */
export type UserNaming =
  | { readonly kind: 'random' | 'zh'; readonly seed: number }
  | { readonly kind: 'sequential' }
  | { readonly kind: 'given'; readonly names: readonly string[] }

export const USERNAME_KINDS = ['random', 'sequential', 'zh'] as const

export type UsernameKind = (typeof USERNAME_KINDS)[number]

/** The name of user `index` (0 ≤ index < 2^40). */
export type UserNamer = (index: number) => string

export const userNaming = (kind: UsernameKind, seed: number): UserNaming =>
  kind === 'sequential' ? { kind } : { kind, seed }

export const userNamer = (naming: UserNaming): UserNamer => {
  switch (naming.kind) {
    case 'random':
      return randomName(naming.seed)
    case 'zh':
      return chineseName(naming.seed)
    case 'sequential':
      return (index) => `user-${String(index + 1).padStart(6, '0')}`
    case 'given':
      return (index) => naming.names[index] as string
  }
}

const HALF_BITS = 20
const HALF = 2 ** HALF_BITS
const ROUNDS = 5

/** 32-bit finalizer of MurmurHash3 (public domain, A. Appleby): every input bit reaches every output bit. */
export const mix32 = (value: number): number => {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A Feistel network: a permutation of 0..2^40-1 whatever the round function is, hence no two users alike. */
const permutation = (seed: number): ((index: number) => { high: number; low: number }) => {
  const roundKeys = Array.from({ length: ROUNDS }, (_, round) =>
    mix32(mix32(seed >>> 0) + mix32(seed / 2 ** 32) + round),
  )
  return (index) => {
    let high = Math.floor(index / HALF)
    let low = index % HALF
    for (const key of roundKeys) {
      const next = high ^ (mix32(low ^ key) & (HALF - 1))
      high = low
      low = next
    }
    return { high, low }
  }
}

// Crockford's base 32: lower case only, since shops fold case, and no letters that look alike.
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'
const PAIRS = Array.from({ length: 1024 }, (_, i) => `${LETTERS[i >> 5]}${LETTERS[i & 31]}`)

const randomName = (seed: number): UserNamer => {
  const permute = permutation(seed)
  return (index) => {
    const { high, low } = permute(index)
    return `u${PAIRS[high >> 10]}${PAIRS[high & 1023]}${PAIRS[low >> 10]}${PAIRS[low & 1023]}`
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
