/** SHA-256 (FIPS 180-4) of a text's UTF-8 bytes, in hex: synchronous, and the same in Node, workers and browsers. */
export function sha256(text: string): string {
  const bytes = padded(new TextEncoder().encode(text))
  const view = new DataView(bytes.buffer)
  const hash = Int32Array.from(initialHash)
  const schedule = new Int32Array(64)
  for (let offset = 0; offset < bytes.length; offset += 64) {
    expand(view, offset, schedule)
    compress(hash, schedule)
  }
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** One bit 1, zeros, and the length in bits, up to a multiple of 64 bytes. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29))
  view.setUint32(bytes.length - 4, message.length << 3)
  return bytes
}

function expand(view: DataView, offset: number, schedule: Int32Array): void {
  for (let i = 0; i < 16; i += 1) schedule[i] = view.getInt32(offset + i * 4)
  for (let i = 16; i < 64; i += 1) {
    const early = word(schedule, i - 15)
    const late = word(schedule, i - 2)
    const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    schedule[i] = word(schedule, i - 16) + small0 + word(schedule, i - 7) + small1
  }
}

function compress(hash: Int32Array, schedule: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let i = 0; i < 64; i += 1) {
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const first = (h + big1 + ((e & f) ^ (~e & g)) + word(roundConstants, i) + word(schedule, i)) | 0
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  const sums = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i += 1) hash[i] = word(hash, i) + (sums[i] ?? 0)
}

function rotate(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits))
}

function word(words: Int32Array, index: number): number {
  return words[index] ?? 0
}

/** The first 32 bits of the fractional parts of roots of the first primes, computed instead of listed. */
function fractions(count: number, root: number): Int32Array {
  const words = new Int32Array(count)
  for (let prime = 2, found = 0; found < count; prime += 1) {
    if (!isPrime(prime)) continue
    const value = prime ** (1 / root)
    words[found] = (value - Math.floor(value)) * 2 ** 32
    found += 1
  }
  return words
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) if (candidate % divisor === 0) return false
  return true
}

const initialHash = fractions(8, 2)
const roundConstants = fractions(64, 3)
