import { expect, it } from 'vitest'
import { type Command, type DomainEvent, emptyState } from '../../../src/core'
import { buildBatch } from '../../../src/desk/cluster/batch-builder'
import type { PendingCommand } from '../../../src/desk/cluster/command-queue'
import { IdempotencyCache } from '../../../src/desk/runtime/desk-aggregate'

function pendingArrival(visitorId: string): PendingCommand {
  const toCommand = (at: number): Command => ({ type: 'visitorArrived', visitorId, facts: {}, at })
  const command = { commandId: `of ${visitorId}`, toCommand, detailsOf: null }
  return { command, sequence: 1, sinceMs: 0, isOwn: false, isSent: false, resolve: () => {} }
}

it('[D83] a command that cannot be folded leaves nothing in the entry, and no command is decided after it', () => {
  const pending = ['v1', 'v2', 'v3'].map(pendingArrival)
  const unfoldable = { type: 'tab.vanished', visitorId: 'v2', at: 0 } as unknown as DomainEvent
  const batch = buildBatch(
    {
      state: emptyState(),
      isSpeculative: true,
      idempotencyCache: new IdempotencyCache(),
      at: 0,
      nodeId: 'one',
      extraEvents: (command) => ('visitorId' in command && command.visitorId === 'v2' ? [unfoldable] : []),
    },
    pending,
  )
  const visitors = batch.payload.events.map((event) => 'visitorId' in event && event.visitorId)
  expect(new Set(visitors)).toEqual(new Set(['v1']))
  expect(batch.payload.commands.map(({ id }) => id)).toEqual(['of v1'])
  expect(batch.appended).toEqual([pending[0]])
  expect(batch.failed).toEqual([[pending[1], expect.any(Error)]])
  expect(batch.unchanged).toEqual([])
})
