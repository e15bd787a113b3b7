/**
 * Returns a number above 0 and below 1 that depends only on the seed, the subject and the stream. So the nth visitor
 * has the same patience whatever the desk did before: common random numbers.
 */
export function randomFor(seed: number, subject: number, stream: number): number {
  return (mixBits(mixBits(mixBits(seed) ^ subject) ^ stream) + 0.5) / 2 ** 32
}

/** The streams of a request. */
export const streams = { kind: 0x6b696e64, handling: 0x68616e64, patience: 0x70617469 } as const

/** A sequence of such numbers. */
export class RandomStream {
  readonly #key: number
  #count = 0

  constructor(seed: number, subject: number) {
    this.#key = mixBits(mixBits(seed) ^ subject)
  }

  next(): number {
    this.#count += 1
    return (mixBits(this.#key ^ Math.imul(this.#count, 0x9e3779b1)) + 0.5) / 2 ** 32
  }
}

/** Spreads 32 bits over 32 bits, one to one (Wellons, "Prospecting for hash functions", lowbias32). */
function mixBits(value: number): number {
  let bits = value + 0x9e3779b9
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad)
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97)
  return (bits ^ (bits >>> 15)) >>> 0
}
