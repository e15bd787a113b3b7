import { afterEach, describe, expect, it, vi } from 'vitest'
import { openDesk } from '../../../src'
import { manualClock, systemClock, WakeUpTimer } from '../../../src/desk/runtime/clock'

describe('the manual clock', () => {
  it('stands still until it is moved', () => {
    const clock = manualClock(1_000)
    expect(clock.now()).toBe(1_000)
    clock.advance(5)
    expect(clock.now()).toBe(1_005)
    clock.set(9)
    expect(clock.now()).toBe(9)
  })

  it('fires each wake-up on the way at its own instant, in order', () => {
    const clock = manualClock()
    const woken: string[] = []
    clock.wakeAt(30, () => woken.push(`late ${clock.now()}`))
    clock.wakeAt(10, () => {
      woken.push(`early ${clock.now()}`)
      clock.wakeAt(20, () => woken.push(`set on the way ${clock.now()}`))
    })
    clock.wakeAt(31, () => woken.push('not yet'))
    clock.advance(30)
    expect(woken).toEqual(['early 10', 'set on the way 20', 'late 30'])
  })

  it('does not fire a wake-up that was cancelled', () => {
    const clock = manualClock()
    const leave = clock.wakeAt(1, () => expect.unreachable())
    leave()
    clock.advance(2)
    expect(clock.now()).toBe(2)
  })

  it.each([[-1], [0.5], [Number.NaN], [Number.POSITIVE_INFINITY]])('refuses %s milliseconds', (ms) => {
    expect(() => manualClock(ms)).toThrow('startMs: expected a whole number of milliseconds, 0 or more')
    expect(() => manualClock().advance(ms)).toThrow('ms: expected a whole number of milliseconds, 0 or more')
    expect(() => manualClock().set(ms)).toThrow('at: expected a whole number of milliseconds, 0 or more')
  })
})

describe('the system clock', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('chains waits that are longer than timers can be', () => {
    vi.useFakeTimers({ now: 0 })
    const waitMs = 2 ** 31 + 5_000
    const wake = vi.fn()
    systemClock.wakeAt(waitMs, wake)
    vi.advanceTimersByTime(waitMs - 1)
    expect(wake).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(wake).toHaveBeenCalledOnce()
  })

  it('can be cancelled after the first link of the chain', () => {
    vi.useFakeTimers({ now: 0 })
    const wake = vi.fn()
    const leave = systemClock.wakeAt(2 ** 32, wake)
    vi.advanceTimersByTime(2 ** 31)
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

describe('the wake-up timer', () => {
  it('keeps one timer for the earliest deadline', () => {
    const clock = manualClock()
    const rung: number[] = []
    const alarm = new WakeUpTimer(clock, () => rung.push(clock.now()))
    alarm.scheduleAt(50)
    alarm.scheduleAt(20)
    alarm.scheduleAt(70)
    clock.advance(100)
    expect(rung).toEqual([20])
    alarm.scheduleAt(150)
    clock.advance(100)
    expect(rung).toEqual([20, 150])
  })

  it('does not fire once cancelled', () => {
    const clock = manualClock()
    const alarm = new WakeUpTimer(clock, () => expect.unreachable())
    alarm.scheduleAt(5)
    alarm.cancel()
    clock.advance(10)
    expect(clock.now()).toBe(10)
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
