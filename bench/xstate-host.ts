import { assign, createActor, setup } from 'xstate'

interface Context {
  readonly requestId: string
  readonly ringing: readonly string[]
  readonly by: string | null
}

type Event = { type: 'mute'; staffId: string } | { type: 'accept'; staffId: string } | { type: 'end' }

export type XStateTell = (type: 'ring' | 'stop', requestId: string, staffIds: readonly string[]) => void

/** One XState actor for each request, as its documentation suggests for things that live side by side. */
export function xstateHost(staffIds: readonly string[], tell: XStateTell) {
  const machine = setup({
    types: { context: {} as Context, events: {} as Event, input: {} as { requestId: string } },
    actions: {
      ring: ({ context }) => tell('ring', context.requestId, context.ringing),
      stopAll: ({ context }) => tell('stop', context.requestId, context.ringing),
    },
  }).createMachine({
    initial: 'open',
    context: ({ input }) => ({ requestId: input.requestId, ringing: staffIds, by: null }),
    states: {
      open: {
        entry: 'ring',
        on: {
          mute: {
            actions: [
              ({ context, event }) => tell('stop', context.requestId, [event.staffId]),
              assign({ ringing: ({ context, event }) => context.ringing.filter((id) => id !== event.staffId) }),
            ],
          },
          accept: { target: 'assigned', actions: ['stopAll', assign({ by: ({ event }) => event.staffId })] },
        },
      },
      assigned: { on: { end: 'closed' } },
      closed: { type: 'final' },
    },
  })
  const actors = new Map<string, ReturnType<typeof createActor<typeof machine>>>()
  return {
    requestChat(requestId: string): void {
      const actor = createActor(machine, { input: { requestId } })
      actors.set(requestId, actor)
      actor.start()
    },
    mute: (requestId: string, staffId: string) => actors.get(requestId)?.send({ type: 'mute', staffId }),
    accept: (requestId: string, staffId: string) => actors.get(requestId)?.send({ type: 'accept', staffId }),
    end(requestId: string): void {
      actors.get(requestId)?.send({ type: 'end' })
      actors.delete(requestId)
    },
  }
}
