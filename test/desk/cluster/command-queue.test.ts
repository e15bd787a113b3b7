import { describe, expect, it } from 'vitest'
import { DeskError } from '../../../src'
import { CommandQueue } from '../../../src/desk/cluster/command-queue'

const command = { commandId: null, toCommand: () => null, detailsOf: null }

describe('the queue of commands', () => {
  it('[ND27, ND40] gives up what a caller waits for, and what the node itself has to do only while it closes', () => {
    const queue = new CommandQueue()
    void queue.add(command, 1_000)
    void queue.add(command, 1_000, true)
    void queue.add(command, 1_001)
    expect(queue.expired(999, true)).toEqual([])
    expect(queue.expired(1_000, false).map(({ sequence }) => sequence)).toEqual([1])
    expect(queue.expired(1_000, true).map(({ sequence }) => sequence)).toEqual([1, 2])
  })

  it('[ND27] refuses callers when the node is stale, and keeps what the node has to do until its desk is gone', async () => {
    const queue = new CommandQueue()
    const [given, own] = [queue.add(command, 1_000), queue.add(command, 1_000, true)]
    queue.refuseAll(new DeskError('stale', 'the store has not answered'))
    expect(await given).toMatchObject({ ok: false, code: 'unavailable' })
    expect([queue.size, queue.hasCallers]).toEqual([1, false])
    queue.refuseAll(new DeskError('closed', 'the desk was erased'))
    expect(await own).toMatchObject({ ok: false, code: 'unavailable' })
    expect(queue.size).toBe(0)
  })
})
