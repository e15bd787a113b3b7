import { describe, expect, it, vi } from 'vitest'
import { RequestRateLimiter } from '../../examples/live-desk/sockets/request-rate-limiter'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('the rate limit of requests at the live desk', () => {
  it('is six a minute for each visitor', () => {
    let now = 0
    const limit = new RequestRateLimiter(() => now)
    const isAllowed = (visitorId: string) => limit.isAllowed({ visitorId, address: 'one' })
    expect(Array.from({ length: 8 }, () => isAllowed('maya'))).toEqual([...Array(6).fill(true), false, false])
    expect(isAllowed('tom')).toBe(true)
    now = 59_999
    expect(isAllowed('maya')).toBe(false)
    now = 60_000
    expect(isAllowed('maya')).toBe(true)
  })

  it('is bounded for all visitors of one address', () => {
    const limit = new RequestRateLimiter(() => 0)
    const answers = Array.from({ length: 130 }, (_, index) =>
      limit.isAllowed({ visitorId: `v${index}`, address: 'one' }),
    )
    expect(answers.filter((may) => may)).toHaveLength(120)
    expect(limit.isAllowed({ visitorId: 'maya', address: 'another' })).toBe(true)
  })
})
