import { describe, expect, it } from 'vitest'
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
})
