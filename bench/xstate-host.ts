import { EventEmitter } from 'eventemitter3'
import { type ActorRefFrom, assign, createActor, SimulatedClock, type Snapshot, setup } from 'xstate'
import * as z from 'zod/mini'

interface Context {
  readonly requestId: string
  readonly visitorId: string
  readonly facts: object
  readonly openedAt: number
  readonly ringing: readonly string[]
  readonly muted: readonly string[]
  readonly by: string | null
}

type Event = { type: 'mute'; staffId: string } | { type: 'accept'; staffId: string } | { type: 'end' }
type Input = Pick<Context, 'requestId' | 'visitorId' | 'facts' | 'openedAt' | 'ringing'>

export interface XStateNotice {
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly request: object
  readonly version: number
  readonly at: number
}

interface HostEvents {
  ring: (notice: XStateNotice) => void
  stop: (notice: XStateNotice) => void
}

const keptMax = 10_000
const id = z.string().check(z.minLength(1), z.maxLength(256))
const asked = z.strictObject({ requestId: id, visitorId: id, facts: z.record(z.string(), z.json()) })
const pair = z.strictObject({ requestId: id, staffId: id })
const one = z.strictObject({ requestId: id })

/**
 * One XState actor for each request, as its documentation suggests for things that live side by side. It does what the
 * desk does for such a request: parses what comes in, one open request per visitor, no id twice, capacity, mutes, one
 * winner, a warning after two minutes, a log of what happened (the newest ten thousand), notices by eventemitter3 with
 * the request as it is then, and answers. A desk opens again from its log with its timers, so each actor is kept as
 * XState's documentation does it: its persisted snapshot, after every transition.
 */
export function xstateHost(staffIds: readonly string[], startAt = 0) {
  const emitter = new EventEmitter<HostEvents>()
  const saved = new Map<string, Snapshot<unknown>>()
  const closed = new Set<string>()
  const clock = new SimulatedClock()
  let version = 0
  const loads = new Map(staffIds.map((id) => [id, 0]))
  const log: object[] = []
  const keep = (fact: object) => {
    version += 1
    log.push({ v: version, at: startAt, fact })
    if (log.length > 2 * keptMax) log.splice(0, keptMax)
  }
  const view = ({ requestId, visitorId, facts, openedAt, ringing, by }: Context) => ({
    ...{ requestId, visitorId, facts, priority: 0, tags: [], weight: 1, openedAt, step: 0, workflow: null },
    phase: by !== null ? 'assigned' : ringing.length > 0 ? 'ringing' : 'waiting',
    assignment: by,
  })
  const notify = (type: 'ring' | 'stop', context: Context, ids: readonly string[]) =>
    emitter.emit(type, { requestId: context.requestId, staffIds: ids, request: view(context), version, at: startAt })
  const machine = setup({
    types: { context: {} as Context, events: {} as Event, input: {} as Input },
    actions: {
      ring: ({ context }) => notify('ring', context, context.ringing),
      stopAll: ({ context }) => notify('stop', context, context.ringing),
      unattended: ({ context }) => keep({ type: 'request.unattended', requestId: context.requestId }),
    },
    guards: {
      isRinging: ({ context, event }) => event.type === 'mute' && context.ringing.includes(event.staffId),
      hasRoom: ({ event }) => event.type === 'accept' && (loads.get(event.staffId) ?? 0) < 10_000,
    },
    delays: { twoMinutes: 120_000 },
  }).createMachine({
    initial: 'open',
    context: ({ input }) => ({ ...input, muted: [], by: null }),
    states: {
      open: {
        entry: 'ring',
        after: { twoMinutes: { actions: 'unattended' } },
        on: {
          mute: {
            guard: 'isRinging',
            actions: [
              ({ context, event }) => notify('stop', context, [event.staffId]),
              assign({
                ringing: ({ context, event }) => context.ringing.filter((id) => id !== event.staffId),
                muted: ({ context, event }) => [...context.muted, event.staffId],
              }),
            ],
          },
          accept: {
            guard: 'hasRoom',
            target: 'assigned',
            actions: ['stopAll', assign({ ringing: [], by: ({ event }) => event.staffId })],
          },
        },
      },
      assigned: { on: { end: 'closed' } },
      closed: { type: 'final' },
    },
  })
  const actors = new Map<string, ActorRefFrom<typeof machine>>()
  const byVisitor = new Map<string, string>()
  const send = (requestId: string, event: Event) => {
    const actor = actors.get(requestId)
    if (actor === undefined) return { ok: false, code: closed.has(requestId) ? 'gone' : 'unknown-request', requestId }
    const before = actor.getSnapshot()
    actor.send(event)
    if (actor.getSnapshot() === before) return { ok: false, code: 'refused', requestId }
    keep({ ...event, requestId })
    saved.set(requestId, actor.getPersistedSnapshot())
    return { ok: true }
  }
  return {
    /** What it would be opened again from. */
    saved: saved as ReadonlyMap<string, Snapshot<unknown>>,
    machine,
    on: (type: 'ring' | 'stop', listener: (notice: XStateNotice) => void) => emitter.on(type, listener),
    async requestChat(input: unknown) {
      const { requestId, visitorId, facts } = asked.parse(input)
      const open = byVisitor.get(visitorId)
      if (open !== undefined) return { ok: true, requestId: open, duplicate: true }
      if (actors.has(requestId) || closed.has(requestId)) return { ok: false, code: 'duplicate-id', requestId }
      const ringing = staffIds.filter((staffId) => (loads.get(staffId) ?? 0) < 10_000)
      const context = { requestId, visitorId, facts, openedAt: startAt, ringing }
      const actor = createActor(machine, { input: context, clock })
      actors.set(requestId, actor)
      byVisitor.set(visitorId, requestId)
      keep({ type: 'request.opened', requestId, visitorId, facts })
      actor.start()
      saved.set(requestId, actor.getPersistedSnapshot())
      return { ok: true, requestId, duplicate: false }
    },
    async mute(requestId: string, staffId: string) {
      const parsed = pair.parse({ requestId, staffId })
      return send(parsed.requestId, { type: 'mute', staffId: parsed.staffId })
    },
    async accept(requestId: string, staffId: string) {
      const parsed = pair.parse({ requestId, staffId })
      const outcome = send(parsed.requestId, { type: 'accept', staffId: parsed.staffId })
      if (!outcome.ok) return outcome
      loads.set(staffId, (loads.get(staffId) ?? 0) + 1)
      byVisitor.delete(actors.get(requestId)?.getSnapshot().context.visitorId ?? '')
      return { ok: true, assignmentId: `${requestId}/1`, already: false }
    },
    async end(requestId: string) {
      const parsed = one.parse({ requestId })
      const by = actors.get(parsed.requestId)?.getSnapshot().context.by ?? ''
      const outcome = send(parsed.requestId, { type: 'end' })
      if (!outcome.ok) return outcome
      loads.set(by, (loads.get(by) ?? 1) - 1)
      actors.delete(requestId)
      saved.delete(requestId)
      closed.add(requestId)
      if (closed.size > 2 * keptMax) closed.clear()
      return outcome
    },
  }
}
