const perVisitorMax = 6
const perAddressMax = 120
const windowMs = 60_000

/**
 * Limits the requests of one visitor, and of one address, in a minute: the desk's own limit is for all visitors
 * together, and one visitor must not use it up. Behind a proxy, count by the address that the proxy reports.
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
