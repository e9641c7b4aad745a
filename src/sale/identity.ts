import { mix32, permutation } from './permutation.js'

const HEX = Array.from({ length: 65_536 }, (_, i) => i.toString(16).padStart(4, '0'))

/**
 * A UUID of version 4 for each attempt, the same for the same seed: 40 bits are the permuted user, 8 the attempt's number, so that no two
 * of a run agree; the others only look random.
 */
export const uuidOf = (seed: number): ((userIndex: number, copy: number) => string) => {
  const permute = permutation(seed)
  const salt = mix32((seed >>> 0) ^ 0x5bd1e995)
  return (userIndex, copy) => {
    const { high, low } = permute(userIndex)
    const fill = mix32(low ^ salt ^ (copy << 24))
    const more = mix32(high + fill)
    const head = `${HEX[high >> 4]}${HEX[((high & 15) << 12) | (low >> 8)]}`
    const middle = `${HEX[((low & 255) << 8) | (copy & 255)]}-4${HEX[fill >>> 16]!.slice(1)}`
    return `${head}-${middle}-${HEX[0x8000 | (fill & 0x3fff)]}-${HEX[more >>> 16]}${HEX[more & 65_535]}${HEX[mix32(more) & 65_535]}`
  }
}

const ADDRESSES = 2 ** 17

/**
 * An address for each user out of 198.18.0.0/15, the block for benchmarks (RFC 2544): nobody’s, and on no list of trusted
 * proxies. 131,072 users have one of their own; those beyond share.
 */
export const ipOf = (seed: number): ((userIndex: number) => string) => {
  const start = mix32(seed >>> 0)
  // An odd factor makes it a permutation of the block, and keeps neighbours out of one subnet.
  return (userIndex) => {
    const host = (Math.imul(userIndex % ADDRESSES, 0x9e3b) + start) & (ADDRESSES - 1)
    return `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`
  }
}
