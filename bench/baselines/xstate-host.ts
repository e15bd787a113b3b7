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

interface Notification {
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly version: number
  readonly at: number
}

/** The content of a desk's `ring` and `stop`. */
interface HostEvents {
  ring: (notification: Notification & { readonly request: object; readonly tone: null; readonly step: number }) => void
  stop: (notification: Notification & { readonly reason: 'muted' | 'accepted'; readonly by: string | null }) => void
}

/**
 * Minimum numbers of entries that the memory store keeps, and of closed requests and visitors that a desk remembers.
 */
const entriesMin = 1_000
const closedMin = 10_000
const noTags: readonly string[] = []
const id = z.string().check(z.minLength(1), z.maxLength(256))
const requestSchema = z.strictObject({ requestId: id, visitorId: id, facts: z.record(z.string(), z.json()) })
const staffSchema = z.strictObject({ requestId: id, staffId: id })
const endSchema = z.strictObject({ requestId: id })

/**
 * One XState actor for each request, as its documentation suggests for independent entities. It does what the desk does
 * for such a request: parses the input, allows one open request for each visitor and no duplicate id, checks capacity,
 * mutes, has one winner, warns after two minutes, keeps the newest events and the last staff member of each visitor,
 * notifies by eventemitter3, and returns outcomes. A desk can be restored from its store with its timers, so each actor
 * is persisted as XState's documentation shows it: by a snapshot after every transition, unless `isPersisted` is
 * `false`.
 */
export function xstateHost(staffIds: readonly string[], { isPersisted = true } = {}) {
  const startAt = 0
  const emitter = new EventEmitter<HostEvents>()
  const saved = new Map<string, Snapshot<unknown>>()
  const closed = new Set<string>()
  const lastStaff = new Map<string, string>()
  const clock = new SimulatedClock()
  let version = 0
  const loads = new Map(staffIds.map((id) => [id, 0]))
  const store: object[] = []
  const keep = (event: object) => {
    version += 1
    store.push({ v: version, at: startAt, event })
    if (store.length > 2 * entriesMin) store.splice(0, entriesMin)
  }
  const view = ({ requestId, visitorId, facts, openedAt, ringing, by }: Context) => ({
    requestId,
    visitorId,
    facts,
    priority: 0,
    tags: noTags,
    weight: 1,
    openedAt,
    phase: by !== null ? 'assigned' : ringing.length > 0 ? 'ringing' : 'waiting',
    step: 0,
    workflow: null,
    tone: null,
    assignment: by,
  })
  const ring = (context: Context) => {
    const { requestId, ringing: staffIds } = context
    emitter.emit('ring', { requestId, staffIds, request: view(context), tone: null, step: 0, version, at: startAt })
  }
  const stop = ({ requestId }: Context, staffIds: readonly string[], by: string | null) => {
    const reason = by === null ? 'muted' : 'accepted'
    emitter.emit('stop', { requestId, staffIds, reason, by, version, at: startAt })
  }
  const machine = setup({
    types: { context: {} as Context, events: {} as Event, input: {} as Input },
    actions: {
      ring: ({ context }) => ring(context),
      stopAll: ({ context, event }) => stop(context, context.ringing, event.type === 'accept' ? event.staffId : null),
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
              ({ context, event }) => stop(context, [event.staffId], null),
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
    if (actor === undefined)
      return { ok: false, code: closed.has(requestId) ? 'request-closed' : 'unknown-request', requestId }
    const before = actor.getSnapshot()
    actor.send(event)
    if (actor.getSnapshot() === before) return { ok: false, code: 'refused', requestId }
    keep({ ...event, requestId })
    if (isPersisted) saved.set(requestId, actor.getPersistedSnapshot())
    return { ok: true }
  }
  return {
    /** The snapshots from which the actors could be restored. */
    saved: saved as ReadonlyMap<string, Snapshot<unknown>>,
    machine,
    on: (type: 'ring' | 'stop', listener: (notification: Notification) => void) => emitter.on(type, listener),
    async requestChat(input: unknown) {
      const { requestId, visitorId, facts } = requestSchema.parse(input)
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
      if (isPersisted) saved.set(requestId, actor.getPersistedSnapshot())
      return { ok: true, requestId, duplicate: false }
    },
    async mute(requestId: string, staffId: string) {
      const parsed = staffSchema.parse({ requestId, staffId })
      return send(parsed.requestId, { type: 'mute', staffId: parsed.staffId })
    },
    async accept(requestId: string, staffId: string) {
      const parsed = staffSchema.parse({ requestId, staffId })
      const outcome = send(parsed.requestId, { type: 'accept', staffId: parsed.staffId })
      if (!outcome.ok) return outcome
      const visitorId = actors.get(requestId)?.getSnapshot().context.visitorId ?? ''
      loads.set(staffId, (loads.get(staffId) ?? 0) + 1)
      byVisitor.delete(visitorId)
      lastStaff.set(visitorId, staffId)
      if (lastStaff.size > 2 * closedMin) lastStaff.clear()
      return { ok: true, assignmentId: `${requestId}/1`, already: false }
    },
    async end(requestId: string) {
      const parsed = endSchema.parse({ requestId })
      const by = actors.get(parsed.requestId)?.getSnapshot().context.by ?? ''
      const outcome = send(parsed.requestId, { type: 'end' })
      if (!outcome.ok) return outcome
      loads.set(by, (loads.get(by) ?? 1) - 1)
      actors.delete(requestId)
      saved.delete(requestId)
      closed.add(requestId)
      if (closed.size > 2 * closedMin) closed.clear()
      return outcome
    },
  }
}
