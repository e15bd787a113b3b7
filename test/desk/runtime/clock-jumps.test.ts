import { describe, expect, it } from 'vitest'
import { type Clock, type Desk, openDesk } from '../../../src'
import { SteadyClock, StoreClock } from '../../../src/desk/runtime/clock'
import { isCampaign } from '../../campaign'
import { RandomStream } from '../../cluster/simulation/random-stream'
import { VirtualScheduler } from '../../cluster/simulation/virtual-scheduler'

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000]
const startedAt = 1_800_000_000_000

/** A machine whose wall clock is set, and whose timers and monotonic clock are virtual. */
class Machine {
  readonly scheduler = new VirtualScheduler()
  wallAheadMs = 0
  readonly wallNow = () => startedAt + this.scheduler.now + this.wallAheadMs
  readonly steady = new SteadyClock(this.wallNow, () => this.scheduler.now)

  /** The clock of desks before: that of the wall. */
  readonly wall = this.#withTimers(this.wallNow)
  readonly clock = this.#withTimers(() => this.steady.now())

  jump(ms: number, forMs: number): void {
    this.wallAheadMs += ms
    this.scheduler.schedule(forMs, () => {
      this.wallAheadMs -= ms
    })
  }

  pass(ms: number): Promise<void> {
    return this.scheduler.runFor(ms)
  }

  #withTimers(now: () => number): Clock {
    const { scheduler } = this
    return {
      now,
      wakeAt(at, wake) {
        let cancel = wait()
        return () => cancel()
        function wait(): () => void {
          return scheduler.schedule(Math.max(1, Math.min(at - now(), 10_000)), () => {
            if (now() >= at) wake()
            else cancel = wait()
          })
        }
      },
    }
  }
}

describe('a steady clock', () => {
  const [wall, counted] = [{ now: 0 }, { now: 0 }]
  const pass = (ms: number) => {
    wall.now += ms
    counted.now += ms
  }
  const opened = () => {
    Object.assign(wall, { now: startedAt })
    Object.assign(counted, { now: 77.25 })
    return new SteadyClock(
      () => wall.now,
      () => counted.now,
    )
  }

  it('[D90] is not moved by a wall clock that is wrong for a moment, in either direction', () => {
    for (const aheadMs of [hourMs, -hourMs]) {
      const clock = opened()
      pass(5 * secondMs)
      wall.now += aheadMs
      expect(clock.now()).toBe(startedAt + 5 * secondMs)
      pass(30)
      wall.now -= aheadMs
      pass(minuteMs)
      expect(clock.now()).toBe(startedAt + minuteMs + 5_030)
      pass(minuteMs)
      expect(clock.now()).toBe(startedAt + 2 * minuteMs + 5_030)
    }
  })

  it('[D90] follows a wall clock that was set at half the speed of the time that passes, and then keeps to it', () => {
    for (const aheadMs of [minuteMs, -minuteMs]) {
      const clock = opened()
      wall.now += aheadMs
      const read: number[] = []
      for (let second = 0; second < 180; second += 1) {
        pass(secondMs)
        read.push(clock.now() - startedAt)
      }
      const gaps = read.slice(1).map((at, index) => at - (read[index] ?? 0))
      const followed = aheadMs > 0 ? 1_500 : 500
      expect(gaps.slice(0, 120).every((gap) => gap === followed)).toBe(true)
      expect(gaps.slice(120).every((gap) => gap === secondMs)).toBe(true)
      expect(clock.now()).toBe(wall.now)
    }
  })

  it('[D90] follows by five seconds at most at one reading, however long it was not read', () => {
    const clock = opened()
    wall.now += hourMs
    pass(8 * hourMs)
    expect(clock.now()).toBe(startedAt + 8 * hourMs)
    pass(8 * hourMs)
    expect(clock.now()).toBe(startedAt + 16 * hourMs + 5 * secondMs)
  })

  it('never goes back', () => {
    const random = new RandomStream(7)
    const clock = opened()
    let latest = clock.now()
    for (let reading = 0; reading < 20_000; reading += 1) {
      pass(random.next() * 3_000)
      if (random.bernoulli(0.1)) wall.now += Math.floor((random.next() - 0.5) * 2 * hourMs)
      const now = clock.now()
      expect(now).toBeGreaterThanOrEqual(latest)
      latest = now
    }
  })
})

describe('a desk whose wall clock is set', () => {
  it('[D90] moves an offer on in time after the wall clock was an hour ahead for 30 ms', async () => {
    const machine = new Machine()
    expect(await longestOfferMs(machine, machine.clock, [[hourMs, 30]])).toBeLessThanOrEqual(20_001)
  })

  it('[D90] stands still for the hour when it lives by the wall clock (negative control)', async () => {
    const machine = new Machine()
    expect(await longestOfferMs(machine, machine.wall, [[hourMs, 30]])).toBeGreaterThan(50 * minuteMs)
  })

  it('[D90] makes no offer longer than twice its time, whatever the wall clock does', {
    timeout: 120_000,
  }, async () => {
    for (let seed = 1; seed <= (isCampaign ? 200 : 20); seed += 1) {
      const random = new RandomStream(seed)
      const jumps = Array.from({ length: 6 }, (): readonly [number, number] => [
        Math.floor((random.next() - 0.5) * 4 * hourMs),
        random.pick([30, secondMs, minuteMs, 20 * minuteMs]),
      ])
      const machine = new Machine()
      expect(await longestOfferMs(machine, machine.clock, jumps), `seed ${seed}`).toBeLessThanOrEqual(40_010)
    }
  })
})

describe('a node whose wall clock is set', () => {
  it('[D90] wakes by the time of its store after the wall clock was an hour ahead for 30 ms', async () => {
    const machine = new Machine()
    expect(await wokenAfterMs(machine, machine.clock)).toBeLessThanOrEqual(20 * secondMs)
  })

  it('[D90] sleeps for the hour when it lives by the wall clock (negative control)', async () => {
    const machine = new Machine()
    expect(await wokenAfterMs(machine, machine.wall)).toBeGreaterThan(50 * minuteMs)
  })
})

/** Lets a node learn the time of its store, which is right, while its wall clock is wrong, and wait for 20 seconds. */
async function wokenAfterMs(machine: Machine, own: Clock): Promise<number> {
  const { scheduler } = machine
  const clock = new StoreClock(own)
  const storeNow = () => startedAt + Math.floor(scheduler.now)
  const learnTime = () => clock.synchronize(storeNow(), clock.localNow())
  learnTime()
  await machine.pass(minuteMs)
  machine.jump(hourMs, 30)
  learnTime()
  const from = scheduler.now
  let wokenAt = Number.POSITIVE_INFINITY
  clock.wakeAt(storeNow() + 20 * secondMs, () => {
    wokenAt = scheduler.now
  })
  await machine.pass(2 * hourMs)
  return wokenAt - from
}

/** Lets two absent-minded staff be offered one request in turn for an hour, while the wall clock jumps. */
async function longestOfferMs(machine: Machine, clock: Clock, jumps: readonly (readonly [number, number])[]) {
  const { scheduler } = machine
  const desk = await openDesk({
    clock,
    staff: [{ id: 'ana' }, { id: 'bo' }],
    policy: { sessionLeaseMs: null, visitorLeaseMs: null, retryDelayMs: 1 },
    routing: { defaultRoute: { to: 'everyone', ring: { order: 'longest-idle', concurrentOffers: 1 } } },
  })
  for (const id of ['ana', 'bo']) await desk.connect(id, 'tab')
  await desk.requestChat({ requestId: 'r', visitorId: 'v' })
  let [longestMs, changedAt] = [0, scheduler.now]
  desk.on('ring', () => {
    longestMs = Math.max(longestMs, scheduler.now - changedAt)
    changedAt = scheduler.now
  })
  for (const [index, [ms, forMs]] of jumps.entries()) {
    scheduler.schedule((index + 1) * 5 * minuteMs, () => {
      machine.jump(ms, forMs)
      void touch(desk)
    })
  }
  await machine.pass(hourMs)
  await desk.close()
  return Math.max(longestMs, scheduler.now - changedAt)
}

/** A command reads the clock. */
const touch = (desk: Desk) => desk.heartbeat('ana', 'tab')
