/** Random numbers from a seed. */
export class RandomStream {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  }

  /** At least 0 and less than 1. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mix = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mix ^= mix + Math.imul(mix ^ (mix >>> 7), mix | 61)
    return ((mix ^ (mix >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from 0 to `count` - 1. */
  integerBelow(count: number): number {
    return Math.floor(this.next() * count)
  }

  bernoulli(share: number): boolean {
    return this.next() < share
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.integerBelow(values.length)]
    if (value === undefined) throw new Error('expected a value to pick from')
    return value
  }
}
