import { describe, expect, it } from 'vitest'
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

  it('calls wake-ups of one instant in the order in which they were set', () => {
    const clock = manualClock()
    const woken: string[] = []
    for (const name of ['first', 'second', 'third']) clock.wakeAt(5, () => woken.push(name))
    clock.advance(5)
    expect(woken).toEqual(['first', 'second', 'third'])
  })

  it('is not moved inside a wake-up, and can be moved after one that throws', () => {
    const clock = manualClock()
    clock.wakeAt(5, () => clock.advance(1))
    expect(() => clock.advance(10)).toThrow('manualClock: expected to be moved after a wake-up, got a move inside one')
    clock.advance(10)
    expect(clock.now()).toBe(20)
  })

  it('calls a wake-up for a past instant at the next move, without going back', () => {
    const clock = manualClock(100)
    const woken: number[] = []
    clock.wakeAt(5, () => woken.push(clock.now()))
    expect(woken).toEqual([])
    clock.advance(0)
    expect(woken).toEqual([100])
  })
})

describe('the system clock in real time', () => {
  it('wakes once the instant is reached, and not when it was cancelled', async () => {
    const [at, woken] = [Date.now() + 30, [] as number[]]
    systemClock.wakeAt(at, () => woken.push(Date.now()))
    systemClock.wakeAt(at - 20, () => expect.unreachable())()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(woken).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(woken).toHaveLength(1)
    expect(woken[0]).toBeGreaterThanOrEqual(at)
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

  it('starts a new timer only for an earlier instant', () => {
    const [own, started] = [manualClock(), [] as number[]]
    const wakeAt = (at: number, wake: () => void) => {
      started.push(at)
      return own.wakeAt(at, wake)
    }
    const alarm = new WakeUpTimer({ ...own, wakeAt }, () => {})
    for (const at of [50, null, 50, 70, 20, 20]) alarm.scheduleAt(at)
    expect(started).toEqual([50, 20])
    alarm.cancel()
    alarm.scheduleAt(60)
    expect(started).toEqual([50, 20, 60])
  })
})
