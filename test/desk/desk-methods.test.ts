import { describe, expect, it, vi } from 'vitest'
import type { CommandInput, Desk } from '../../src'
import { commandTypes } from '../../src/desk/parse/parse-command'
import { openTestDesk } from './test-desk'

const chat = { requestId: 'r1', staffId: 'ana' } as const
const session = { staffId: 'ana', sessionId: 'tab' } as const
const commandId = 'c1'
const workflow = { name: 'w' }

/** What each method gives to `execute`, with options and, where it may be left out, without. */
const calls: readonly (readonly [CommandInput, (desk: Desk) => unknown])[] = [
  [{ type: 'requestChat', visitorId: 'v1', commandId }, (desk) => desk.requestChat({ visitorId: 'v1', commandId })],
  [{ type: 'cancel', requestId: 'r1' }, (desk) => desk.cancel('r1')],
  [
    { type: 'cancel', requestId: 'r1', reason: 'x', commandId },
    (desk) => desk.cancel('r1', { reason: 'x', commandId }),
  ],
  [{ type: 'accept', ...chat }, (desk) => desk.accept('r1', 'ana')],
  [{ type: 'accept', ...chat, commandId }, (desk) => desk.accept('r1', 'ana', { commandId })],
  [{ type: 'mute', ...chat, commandId }, (desk) => desk.mute('r1', 'ana', { commandId })],
  [{ type: 'unmute', ...chat, commandId }, (desk) => desk.unmute('r1', 'ana', { commandId })],
  [{ type: 'snooze', ...chat, forMs: 5 }, (desk) => desk.snooze('r1', 'ana', { forMs: 5 })],
  [{ type: 'decline', ...chat, reason: 'x' }, (desk) => desk.decline('r1', 'ana', { reason: 'x' })],
  [{ type: 'release', ...chat, by: 'bo' }, (desk) => desk.release('r1', { by: 'bo', staffId: 'ana' })],
  [
    { type: 'transfer', requestId: 'r1', by: 'bo', to: 'everyone' },
    (desk) => desk.transfer('r1', { by: 'bo', to: 'everyone' }),
  ],
  [{ type: 'assign', ...chat, by: 'bo' }, (desk) => desk.assign('r1', 'ana', { by: 'bo' })],
  [{ type: 'visitorWrote', requestId: 'r1', commandId }, (desk) => desk.visitorWrote('r1', { commandId })],
  [{ type: 'replied', ...chat }, (desk) => desk.replied('r1', { staffId: 'ana' })],
  [{ type: 'end', ...chat }, (desk) => desk.end('r1', { staffId: 'ana' })],
  [
    { type: 'updateFacts', requestId: 'r1', facts: { a: 1 }, reroute: true },
    (desk) => desk.updateFacts('r1', { a: 1 }, { reroute: true }),
  ],
  [{ type: 'reroute', requestId: 'r1', commandId }, (desk) => desk.reroute('r1', { commandId })],
  [
    { type: 'visitorArrived', visitorId: 'v1', facts: {} },
    (desk) => desk.visitorArrived({ visitorId: 'v1', facts: {} }),
  ],
  [{ type: 'visitorLeft', visitorId: 'v1', sessionId: 'tab' }, (desk) => desk.visitorLeft('v1', { sessionId: 'tab' })],
  [
    { type: 'visitorHeartbeat', visitorId: 'v1', sessionId: 'tab', commandId },
    (desk) => desk.visitorHeartbeat('v1', 'tab', { commandId }),
  ],
  [{ type: 'connect', ...session, commandId }, (desk) => desk.connect('ana', 'tab', { commandId })],
  [{ type: 'disconnect', ...session, commandId }, (desk) => desk.disconnect('ana', 'tab', { commandId })],
  [{ type: 'heartbeat', ...session, commandId }, (desk) => desk.heartbeat('ana', 'tab', { commandId })],
  [
    { type: 'setAvailability', staffId: 'ana', availability: 'away', commandId },
    (desk) => desk.setAvailability('ana', 'away', { commandId }),
  ],
  [{ type: 'setStaff', staff: { id: 'ana' }, commandId }, (desk) => desk.setStaff({ id: 'ana' }, { commandId })],
  [{ type: 'removeStaff', staffId: 'ana', commandId }, (desk) => desk.removeStaff('ana', { commandId })],
  [{ type: 'setRoster', staff: [{ id: 'ana' }], commandId }, (desk) => desk.setRoster([{ id: 'ana' }], { commandId })],
  [
    { type: 'setWorkflows', workflows: [workflow], reroute: true },
    (desk) => desk.setWorkflows([workflow], { reroute: true }),
  ],
  [{ type: 'setWorkflow', workflow, by: 'sue' }, (desk) => desk.setWorkflow(workflow, { by: 'sue' })],
  [{ type: 'removeWorkflow', name: 'w', ifRevision: 3 }, (desk) => desk.removeWorkflow('w', { ifRevision: 3 })],
  [{ type: 'setShifts', shifts: [], commandId }, (desk) => desk.setShifts([], { commandId })],
  [{ type: 'setPolicy', policy: { wrapUpMs: 5 }, commandId }, (desk) => desk.setPolicy({ wrapUpMs: 5 }, { commandId })],
]

const rows = calls.map(([command, call]) => ({ type: command.type, command, call }))

describe('the methods of a desk', () => {
  it.each(rows)('[D14] give to execute what they are called with: $type', async ({ command, call }) => {
    const { desk } = await openTestDesk()
    const outcome = Promise.resolve({ ok: true })
    const execute = vi.spyOn(desk, 'execute').mockReturnValue(outcome as never)
    expect(await call(desk)).toEqual({ ok: true })
    expect(execute.mock.calls).toEqual([[command]])
  })

  it('[D14] are those of every command', () => {
    expect(new Set(calls.map(([{ type }]) => type))).toEqual(new Set(commandTypes))
  })
})
