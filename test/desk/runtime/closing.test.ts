import { describe, expect, it, vi } from 'vitest'
import { createDeskPool, DeskError, manualClock, memoryStore, openDesk } from '../../../src'
import type { EventStore } from '../../../src/store'
import { asynchronousStore } from '../cluster/asynchronous-store'
import { fastEnvironment } from '../cluster/fast-environment'
import { openStaffedDesk } from '../test-desk'

/** Waits long enough for everything that is not held back by the test. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 30))

const goldToAna = {
  name: 'Gold',
  conditions: { all: [{ fact: 'plan', operator: 'equal', value: 'gold' }] },
  event: { type: 'route' as const, params: { to: { staff: 'ana' } } },
}

/** A store that counts its subscribers, and whose closing ends when the test lets it. */
function observedStore(store: EventStore = memoryStore()) {
  const log: string[] = []
  let subscriberCount = 0
  let finishClosing = () => {}
  const observed: EventStore = {
    ...asynchronousStore(store),
    append: (expected, batch) => {
      log.push('append')
      return store.append(expected, batch)
    },
    subscribe: (listener) => {
      const unsubscribe = store.subscribe(listener)
      subscriberCount += 1
      return () => {
        unsubscribe()
        subscriberCount -= 1
      }
    },
    close: () => {
      log.push('close')
      return new Promise<void>((resolve) => {
        finishClosing = resolve
      })
    },
  }
  return { store: observed, log, subscriberCount: () => subscriberCount, finishClosing: () => finishClosing() }
}

describe('close', () => {
  it.each([
    ['in this process', () => memoryStore()],
    ['that needs promises', () => asynchronousStore(memoryStore())],
  ])('[D29] resolves when what was being routed is answered, with a store %s', async (_, makeStore) => {
    let answer = (_: string): void => {}
    const plan = new Promise<string>((resolve) => {
      answer = resolve
    })
    const { desk, edges } = await openStaffedDesk(['ana'], {
      store: makeStore(),
      workflows: [goldToAna],
      routing: { facts: { plan: () => plan }, factTimeoutMs: 60_000 },
    })
    const order: string[] = []
    const outcome = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    void outcome.then(() => order.push('answered'))
    const closed = desk.close().then(() => order.push('closed'))
    await pause()
    expect(order).toEqual([])
    answer('gold')
    await closed
    expect(order).toEqual(['answered', 'closed'])
    expect(await outcome).toMatchObject({ ok: true, requestId: 'r1' })
    expect(edges).toEqual(['ring r1 → ana'])
  })

  it('[D29] closes the store after the last append, and resolves when the store has closed', async () => {
    const { store, log, finishClosing } = observedStore()
    const { desk } = await openStaffedDesk(['ana'], { store }, 0, { environment: fastEnvironment('one') })
    log.length = 0
    const outcome = desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
    let isClosed = false
    const closed = desk.close().then(() => {
      isClosed = true
    })
    await pause()
    expect({ log, isClosed }).toEqual({ log: ['append', 'close'], isClosed: false })
    finishClosing()
    await closed
    expect(await outcome).toMatchObject({ ok: true })
  })

  it('[D29] leaves no subscription at its store, and none that reads it', async () => {
    const memory = memoryStore()
    const { store, subscriberCount, finishClosing } = observedStore(memory)
    const { desk } = await openStaffedDesk(['ana'], { store }, 0, { environment: fastEnvironment('one') })
    expect(subscriberCount()).toBe(1)
    const closed = desk.close()
    await pause()
    finishClosing()
    await closed
    expect(subscriberCount()).toBe(0)
    const { version } = desk
    await openDesk({ store: memory, staff: [{ id: 'bo' }], clock: manualClock() })
    await pause()
    expect(desk.version).toBe(version)
  })

  it('[D29] leaves no subscription at a store in this process, and a snapshot of its last state', async () => {
    const store = memoryStore()
    const { desk } = await openStaffedDesk(['ana'], { store })
    let isSubscribed = true
    const subscribe = store.subscribe.bind(store)
    Object.assign(store, {
      subscribe: (listener: () => void) => {
        const unsubscribe = subscribe(listener)
        isSubscribed = true
        return () => {
          unsubscribe()
          isSubscribed = false
        }
      },
    })
    const second = await openDesk({ store, clock: manualClock() })
    await second.close()
    expect(isSubscribed).toBe(false)
    await desk.close()
    expect(store.isOpen).toBe(false)
    expect(await store.loadSnapshot()).toMatchObject({ v: desk.version })
  })

  it('[D29] of many desks resolves when each of their stores has closed', async () => {
    const observed = [observedStore(), observedStore()]
    const [first, second] = observed
    const pool = createDeskPool({
      optionsOf: (name) => ({ store: (name === 'one' ? first : second)?.store, clock: manualClock() }) as never,
    })
    await pool.desk('one')
    await pool.desk('two')
    let isClosed = false
    const closed = pool.close().then(() => {
      isClosed = true
    })
    await vi.waitFor(() => expect(observed.map(({ log }) => log.at(-1))).toEqual(['close', 'close']))
    first?.finishClosing()
    await pause()
    expect(isClosed).toBe(false)
    second?.finishClosing()
    await closed
    await expect(pool.desk('one')).rejects.toBeInstanceOf(DeskError)
  })
})

describe('a listener that has unsubscribed', () => {
  it('[D9] from error leaves the errors to the console', async () => {
    const printed: unknown[] = []
    const consoleError = console.error
    console.error = (error: unknown) => printed.push(error)
    try {
      const bare = await openDesk({ clock: manualClock(), staff: [{ id: 'ana' }] })
      const received: unknown[] = []
      const unsubscribe = bare.on('error', (error) => received.push(error))
      bare.on('request.opened', () => {
        throw new Error('out of paper')
      })
      await bare.requestChat({ visitorId: 'v1' })
      unsubscribe()
      await bare.requestChat({ visitorId: 'v2' })
      expect({ received: received.length, printed: printed.length }).toEqual({ received: 1, printed: 1 })
      await bare.close()
    } finally {
      console.error = consoleError
    }
  })
})
