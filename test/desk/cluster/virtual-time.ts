import { afterEach, beforeEach, vi } from 'vitest'
import type { Clock, DeskOptions } from '../../../src'
import { nodeOptionsDefault } from '../../../src/desk/cluster/environment'
import { openDeskWithEnvironment } from '../../../src/desk/open-desk'
import type { EventStore } from '../../../src/store'
import { fastEnvironment } from './fast-environment'
import { FaultyStore } from './faulty-store'

const fakedTimers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] as const
const startedAt = 1_000_000

/** Makes timers and clocks of a file's tests virtual: `pass` advances them. Between, they walk slowly. */
export function withVirtualTime(): void {
  beforeEach(() => void vi.useFakeTimers({ toFake: [...fakedTimers], shouldAdvanceTime: true, advanceTimeDelta: 5 }))
  afterEach(() => void vi.useRealTimers())
}

export const virtualNow = () => startedAt + Math.floor(performance.now())

export const virtualClock: Clock = {
  now: virtualNow,
  wakeAt(at, wake) {
    const timer = setTimeout(wake, Math.max(1, at - virtualNow()))
    return () => clearTimeout(timer)
  },
}

/** Lets time pass in steps that are short beside every lease, with turns of the event loop for the stores between. */
export async function pass(ms: number): Promise<void> {
  const stepMs = 100
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    await vi.advanceTimersByTimeAsync(Math.min(stepMs, ms - passedMs))
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Opens a node in virtual time, on a store that can be disconnected. */
export async function openVirtualNode(name: string, store: EventStore, options: DeskOptions) {
  const faulty = new FaultyStore(store)
  const around = { environment: fastEnvironment(name, 1), nodeOptions: nodeOptionsDefault }
  const desk = await openDeskWithEnvironment(around, { clock: virtualClock, ...options, store: faulty })
  return { desk, store: faulty }
}
