import { describe, expect, it } from 'vitest'
import { manualClock, StoreClock } from '../../../src/desk/runtime/clock'

function openStoreClock() {
  const own = manualClock(1_000)
  return { own, clock: new StoreClock(own) }
}

describe('the clock of a store', () => {
  it('is the own clock until the store answers', () => {
    const { own, clock } = openStoreClock()
    own.advance(5)
    expect([clock.now(), clock.localNow(), clock.offsetMs]).toEqual([1_005, 1_005, 0])
  })

  it('[D48] is not ahead of the store, however long its answer was on the way', () => {
    const { own, clock } = openStoreClock()
    own.advance(40)
    clock.synchronize(6_000, 1_000)
    expect([clock.now(), clock.localNow(), clock.offsetMs]).toEqual([6_000, 1_040, 4_960])
    own.advance(10)
    expect(clock.now()).toBe(6_010)
  })

  it('keeps a correction that a later answer allows', () => {
    const { own, clock } = openStoreClock()
    clock.synchronize(6_000, 1_000)
    expect(clock.offsetMs).toBe(5_000)
    own.advance(40)
    clock.synchronize(6_020, 1_000)
    expect(clock.offsetMs).toBe(5_000)
    clock.synchronize(6_000, 1_000)
    expect(clock.offsetMs).toBe(5_000)
  })

  it('follows an answer that shows it to be behind, or ahead', () => {
    const { own, clock } = openStoreClock()
    clock.synchronize(6_000, 1_000)
    own.advance(40)
    clock.synchronize(6_050, 1_020)
    expect(clock.offsetMs).toBe(5_010)
    clock.synchronize(6_020, 1_020)
    expect(clock.offsetMs).toBe(4_980)
  })

  it('goes forward by an instant that was given some time ago, and never back', () => {
    const { own, clock } = openStoreClock()
    clock.observe(6_000)
    expect(clock.now()).toBe(6_000)
    own.advance(40)
    clock.observe(6_000)
    expect(clock.offsetMs).toBe(5_000)
    clock.observe(6_041)
    expect([clock.now(), clock.offsetMs]).toEqual([6_041, 5_001])
  })

  it('[D48] is whole milliseconds, and wakes no earlier than asked', () => {
    let time = 1_000.25
    const woken: number[] = []
    const clock = new StoreClock({
      now: () => time,
      wakeAt: (at) => {
        woken.push(at)
        return () => woken.push(-at)
      },
    })
    clock.observe(2_000)
    time = 1_000.75
    expect(clock.now()).toBe(2_000)
    const cancel = clock.wakeAt(2_001, () => {})
    expect(woken).toEqual([1_002])
    cancel()
    expect(woken).toEqual([1_002, -1_002])
  })
})
