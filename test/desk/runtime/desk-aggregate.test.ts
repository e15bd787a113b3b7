import { describe, expect, it } from 'vitest'
import { DeskError, manualClock, memoryStore } from '../../../src'
import { Metrics, QueuePositions } from '../../../src/core'
import { EventBus } from '../../../src/desk/events/event-bus'
import { DeskAggregate } from '../../../src/desk/runtime/desk-aggregate'
import { openStaffedDesk } from '../test-desk'

/** An aggregate with a projection that records what it is given. */
function openAggregate() {
  const recorded: string[] = []
  const projection = {
    readEntry: ({ events }: { readonly events: readonly unknown[] }) => void recorded.push(`entry of ${events.length}`),
    record: (_: unknown, { type }: { readonly type: string }) => void recorded.push(type),
  }
  const aggregate = new DeskAggregate({
    clock: manualClock(),
    eventBus: new EventBus(),
    projections: [projection],
    metrics: new Metrics(),
    queuePositions: new QueuePositions(),
  })
  return { aggregate, recorded }
}

async function entriesOfADesk() {
  const store = memoryStore()
  const { desk } = await openStaffedDesk(['ana'], { store })
  await desk.requestChat({ requestId: 'r1', visitorId: 'v1' })
  await desk.accept('r1', 'ana')
  await desk.removeStaff('ana')
  const entries = await store.read(0, 100)
  return { desk, entries, events: entries.flatMap(({ payload }) => payload.events) }
}

describe('the aggregate', () => {
  it('[D35] applies each entry of the store once, however often it comes', async () => {
    const { desk, entries, events } = await entriesOfADesk()
    const { aggregate, recorded } = openAggregate()
    for (const entry of [...entries, ...entries]) aggregate.applyEntry(entry, false)
    expect(aggregate.version).toBe(desk.version)
    const applied = recorded.filter((line) => !line.startsWith('entry'))
    expect(applied).toEqual(events.map(({ type }) => type))
    const read = entries.map(({ payload }) => `entry of ${payload.events.length}`)
    expect(recorded.filter((line) => line.startsWith('entry'))).toEqual(read)
    expect(Math.max(...entries.map(({ payload }) => payload.events.length))).toBeGreaterThan(1)
    expect(aggregate.nextDueAt()).toBeGreaterThan(0)
  })

  it('[D35] applies no entry after a gap, and names the one that it expects', async () => {
    const { entries } = await entriesOfADesk()
    const { aggregate, recorded } = openAggregate()
    const [first, second, third] = entries
    if (first === undefined || second === undefined || third === undefined) return expect.unreachable()
    aggregate.applyEntry(first, false)
    const before = [...recorded]
    let thrown: unknown
    try {
      aggregate.applyEntry(third, false)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(DeskError)
    expect(thrown).toMatchObject({ code: 'stale', message: 'expected version 2 of the store, got 3' })
    expect({ version: aggregate.version, recorded }).toEqual({ version: 1, recorded: before })
    aggregate.applyEntry(second, false)
    aggregate.applyEntry(third, false)
    expect(aggregate.version).toBe(3)
  })
})
