/** 32-bit finalizer of MurmurHash3 (public domain, A. Appleby): every input bit reaches every output bit. */
export const mix32 = (value: number): number => {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const HALF_BITS = 20
/** Each half of a permuted index is below this. */
export const HALF = 2 ** HALF_BITS
const ROUNDS = 5

/** A Feistel network: a permutation of 0..2^40-1 whatever the round function is, hence no two users alike. */
export const permutation = (seed: number): ((index: number) => { high: number; low: number }) => {
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
