import { describe, expect, it, vi } from 'vitest'
import { RequestRateLimiter } from '../../examples/live-desk/sockets/request-rate-limiter'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

describe('how often a visitor of the live desk may ask', () => {
  it('is six times a minute, whatever others do', () => {
    let now = 0
    const limit = new RequestRateLimiter(() => now)
    const ask = (visitorId: string) => limit.isAllowed({ visitorId, address: 'one' })
    expect(Array.from({ length: 8 }, () => ask('maya'))).toEqual([...Array(6).fill(true), false, false])
    expect(ask('tom')).toBe(true)
    now = 59_999
    expect(ask('maya')).toBe(false)
    now = 60_000
    expect(ask('maya')).toBe(true)
  })

  it('is bounded for all that come from one address', () => {
    const limit = new RequestRateLimiter(() => 0)
    const answers = Array.from({ length: 130 }, (_, index) =>
      limit.isAllowed({ visitorId: `v${index}`, address: 'one' }),
    )
    expect(answers.filter((may) => may)).toHaveLength(120)
    expect(limit.isAllowed({ visitorId: 'maya', address: 'another' })).toBe(true)
  })
})
