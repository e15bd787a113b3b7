import { type ActorRefFrom, assign, createActor, SimulatedClock, setup } from 'xstate'

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
  readonly type: 'ring' | 'stop'
  readonly requestId: string
  readonly staffIds: readonly string[]
  readonly request: object
}

const keptMax = 10_000

/**
 * One XState actor for each request, as its documentation suggests for things that live side by side. It does what the
 * desk does for such a request: one per visitor, capacity, mutes, one winner, a warning after two minutes in doubling
 * gaps, a log of what happened (the newest ten thousand), notices with the request as it is then, and answers.
 */
export function xstateHost(staffIds: readonly string[], tell: (notice: XStateNotice) => void) {
  const clock = new SimulatedClock()
  const loads = new Map(staffIds.map((id) => [id, 0]))
  const log: object[] = []
  const keep = (fact: object) => {
    log.push(fact)
    if (log.length > 2 * keptMax) log.splice(0, keptMax)
  }
  const view = ({ requestId, visitorId, facts, openedAt, ringing, by }: Context) => ({
    ...{ requestId, visitorId, facts, priority: 0, tags: [], weight: 1, openedAt, step: 0, workflow: null },
    phase: by !== null ? 'assigned' : ringing.length > 0 ? 'ringing' : 'waiting',
    assignment: by,
  })
  const notify = (type: 'ring' | 'stop', context: Context, ids: readonly string[]) =>
    tell({ type, requestId: context.requestId, staffIds: ids, request: view(context) })
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
    if (actor === undefined) return { ok: false, code: 'unknown-request' }
    const before = actor.getSnapshot()
    actor.send(event)
    if (actor.getSnapshot() === before) return { ok: false, code: 'refused' }
    keep({ ...event, requestId })
    return { ok: true }
  }
  return {
    async requestChat(requestId: string, visitorId: string, facts: object, openedAt: number) {
      const open = byVisitor.get(visitorId)
      if (open !== undefined) return { ok: true, requestId: open, duplicate: true }
      const ringing = staffIds.filter((id) => (loads.get(id) ?? 0) < 10_000)
      const actor = createActor(machine, { input: { requestId, visitorId, facts, openedAt, ringing }, clock })
      actors.set(requestId, actor)
      byVisitor.set(visitorId, requestId)
      keep({ type: 'request.opened', requestId, visitorId, facts, openedAt })
      actor.start()
      return { ok: true, requestId, duplicate: false }
    },
    mute: async (requestId: string, staffId: string) => send(requestId, { type: 'mute', staffId }),
    async accept(requestId: string, staffId: string) {
      const outcome = send(requestId, { type: 'accept', staffId })
      if (!outcome.ok) return outcome
      loads.set(staffId, (loads.get(staffId) ?? 0) + 1)
      byVisitor.delete(actors.get(requestId)?.getSnapshot().context.visitorId ?? '')
      return { ok: true, assignmentId: `${requestId}/1`, already: false }
    },
    async end(requestId: string) {
      const by = actors.get(requestId)?.getSnapshot().context.by ?? ''
      const outcome = send(requestId, { type: 'end' })
      loads.set(by, (loads.get(by) ?? 1) - 1)
      actors.delete(requestId)
      return outcome
    },
  }
}
