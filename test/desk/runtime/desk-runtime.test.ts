import { describe, expect, it, vi } from 'vitest'
import { DeskError, manualClock, memoryStore, openDesk } from '../../../src'
import { emptyState } from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { closeParts, type DeskRuntime, resumeCommand, toDeskError } from '../../../src/desk/runtime/desk-runtime'
import type { EventStore } from '../../../src/store'

type Part = 'unsubscribe' | 'runtime' | 'store'

/** Closes parts of which some fail; returns what was closed, in order, and the errors that were emitted. */
async function closeWith(failing: Partial<Record<Part, 'throws' | 'rejects'>> = {}) {
  const [log, errors]: [string[], unknown[]] = [[], []]
  const eventBus = new EventBus()
  eventBus.on('error', (error) => errors.push(error))
  const close = (part: Part): Promise<void> => {
    log.push(part)
    const cause = new Error(`no ${part}`)
    if (failing[part] === 'throws') throw cause
    return failing[part] === 'rejects' ? Promise.reject(cause) : Promise.resolve()
  }
  const runtime = { close: async () => close('runtime') } as unknown as DeskRuntime
  const store = { close: () => close('store') } as unknown as EventStore
  await closeParts({ unsubscribe: () => void close('unsubscribe'), runtime, store, eventBus })
  return { log, errors }
}

describe('closing what a desk uses', () => {
  it('[D29] ends the subscription, then the commands, then the store', async () => {
    expect(await closeWith()).toEqual({ log: ['unsubscribe', 'runtime', 'store'], errors: [] })
  })

  it.each<[Part, 'throws' | 'rejects']>([
    ['unsubscribe', 'throws'],
    ['runtime', 'rejects'],
    ['store', 'throws'],
    ['store', 'rejects'],
  ])('[D80] goes on when %s %s, and reports it', async (part, how) => {
    const { log, errors } = await closeWith({ [part]: how })
    expect(log).toEqual(['unsubscribe', 'runtime', 'store'])
    const message = `the store could not be closed: Error: no ${part}`
    expect(errors).toMatchObject([{ name: 'DeskError', code: 'store-failed', message, cause: new Error(`no ${part}`) }])
  })
})

describe('a desk that is closed twice', () => {
  it('[D29] closes its store once, and says that it is closed', async () => {
    const store = memoryStore()
    const close = vi.spyOn(store, 'close')
    const desk = await openDesk({ store, clock: manualClock() })
    await desk.close()
    await desk.close()
    expect(close).toHaveBeenCalledTimes(1)
    const message =
      'The desk could not execute the command (closed). Cause: expected an open desk, got one that was closed'
    expect(await desk.accept('r1', 'ana')).toMatchObject({ code: 'unavailable', message })
  })
})

describe('a failure of a layer above the desk', () => {
  it('[D8] goes to the listeners of error', async () => {
    const desk = await openDesk({ clock: manualClock() })
    const errors: unknown[] = []
    desk.on('error', (error) => errors.push(error))
    const silent = new DeskError('page-silent', 'a page never answered')
    desk.reportError(silent)
    expect(errors).toEqual([silent])
  })
})

describe('what a failure is', () => {
  it('[D83] is the error of the desk, or a defect with its cause', () => {
    const known = new DeskError('stale', 'no store')
    expect(toDeskError(known)).toBe(known)
    const cause = new TypeError('x is not a function')
    const message = 'a command or deadline could not be decided: x is not a function'
    expect(toDeskError(cause)).toMatchObject({ name: 'DeskError', code: 'command-failed', message, cause })
  })
})

describe('a restart', () => {
  it('[ND28] is recorded once in a second, by whichever node notices it first', () => {
    const state = emptyState()
    expect(resumeCommand.toCommand(5, state)).toEqual({ type: 'resume', at: 5 })
    state.resumedAt = 1_000
    expect(resumeCommand.toCommand(1_999, state)).toBeNull()
    expect(resumeCommand.toCommand(2_000, state)).toEqual({ type: 'resume', at: 2_000 })
    expect(resumeCommand).toMatchObject({ commandId: null, isBeforeDeadlines: true, detailsOf: null })
  })
})
