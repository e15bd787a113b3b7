import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDesk } from '../../../src'
import { systemClock } from '../../../src/desk/runtime/clock'

describe('the system clock', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('chains the timers of a long wait, so that the clock is compared meanwhile', () => {
    vi.useFakeTimers({ now: 0 })
    const waitMs = 3_600_000 + 5_000
    const wake = vi.fn()
    systemClock.wakeAt(waitMs, wake)
    vi.advanceTimersByTime(waitMs - 1)
    expect(wake).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(wake).toHaveBeenCalledOnce()
  })

  it('compares the clock each ten seconds of a wait, and takes the time of a Date that a test replaced', () => {
    vi.useFakeTimers({ now: 0 })
    const wake = vi.fn()
    systemClock.wakeAt(3_600_000, wake)
    vi.setSystemTime(3_600_000)
    vi.advanceTimersByTime(9_999)
    expect(wake).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(wake).toHaveBeenCalledOnce()
  })

  it('can be cancelled after the first link of the chain', () => {
    vi.useFakeTimers({ now: 0 })
    const wake = vi.fn()
    const leave = systemClock.wakeAt(2 ** 32, wake)
    vi.advanceTimersByTime(60_000)
    leave()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not keep the process alive', () => {
    const started = vi.spyOn(globalThis, 'setTimeout')
    const leave = systemClock.wakeAt(Date.now() + 60_000, () => {})
    expect(started.mock.results[0]?.value.hasRef()).toBe(false)
    leave()
    started.mockRestore()
  })
})

describe('the system clock at the desk', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('[D25] is one timer for the earliest deadline, however many commands there were', async () => {
    vi.useFakeTimers({ now: 0 })
    const desk = await openDesk({ staff: [{ id: 'ana' }] })
    await desk.connect('ana', 'tab')
    for (let count = 0; count < 50; count += 1) await desk.requestChat({ visitorId: `v${count}` })
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(200_000)
    expect(desk.staff('ana')?.isPresent).toBe(false)
    await desk.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
