const perVisitorMax = 6
const perAddressMax = 120
const windowMs = 60_000

/**
 * How often one visitor, and one address, may ask in a minute: the desk's own limit is for all together, and nobody may
 * use it up alone. Behind a proxy a host counts by the address that the proxy names.
 */
export class RequestRateLimiter {
  readonly #now: () => number
  #counts = new Map<string, number>()
  #windowStartedAt = Number.NEGATIVE_INFINITY

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  isAllowed({ visitorId, address }: { readonly visitorId: string; readonly address: string }): boolean {
    if (this.#now() - this.#windowStartedAt >= windowMs) {
      this.#windowStartedAt = this.#now()
      this.#counts = new Map()
    }
    const [ofVisitor, ofAddress] = [this.#count(`visitor ${visitorId}`), this.#count(`address ${address}`)]
    return ofVisitor <= perVisitorMax && ofAddress <= perAddressMax
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count
  }
}
