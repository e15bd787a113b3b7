import type { Command, CommandType } from '../../core'
import { everyoneRoute } from '../../core'
import type { Step } from '../driver/scenario'
import type { ReferenceModel } from '../reference-model/reference-model'
import type { DeskView, Invariant } from './invariant'

/** Commands that name a target state: a second one at the same instant changes nothing. */
const idempotentCommands: ReadonlySet<CommandType> = new Set<CommandType>([
  'requestChat',
  'accept',
  'mute',
  'unmute',
  'decline',
  'visitorWrote',
  'replied',
  'connect',
  'disconnect',
  'heartbeat',
  'setAvailability',
  'setStaff',
  'removeStaff',
  'setRoster',
  'configure',
  'setWorkflows',
  'setWorkflow',
  'setShifts',
  'setPolicy',
  'visitorLeft',
  'visitorHeartbeat',
  'cancel',
  'end',
  'tick',
])

/** I7: an extra tick at the same instant changes nothing, nor does a repeated idempotent command. */
export const idempotence: Invariant = {
  id: 'I7',
  name: 'idempotence',
  createObserver: () => {
    let last: Step | null = null
    return {
      afterStep: (step) => {
        if (step.command.type !== 'tick') last = step
        return null
      },
      onIdle: (desk, model) => {
        const again = findEffect(desk, { type: 'tick', at: model.at, times: [] })
        if (again !== null) return again
        return last === null || !isRepeatable(last, model) ? null : findEffect(desk, last.command)
      },
    }
  },
}

/** A deadline at the same instant may have undone the command; then its repetition has an effect. */
function isRepeatable({ command, outcome }: Step, model: ReferenceModel): boolean {
  return outcome.ok && idempotentCommands.has(command.type) && command.at === model.at && command.type !== 'requestChat'
}

function findEffect(desk: DeskView, command: Command): string | null {
  const events = desk.preview?.(command).events ?? []
  return events.length === 0
    ? null
    : `${command.type} once more at ${command.at} makes ${events.map(({ type }) => type)}`
}

/** I15: a refused command appends nothing and emits nothing. */
export const refusalsHaveNoEffect: Invariant = {
  id: 'I15',
  name: 'refusals have no effect',
  createObserver: () => ({
    afterStep: ({ command, outcome, applied }) => {
      if (outcome.ok || applied.length === 0) return null
      return `${command.type} was refused as ${outcome.code} and made ${applied.map(({ event }) => event.type)}`
    },
  }),
}

const lateRoutingResult = { workflow: 'late', route: everyoneRoute, priority: 99, tags: [] }

/** I12: a timer that fires early and a routing result for a closed request change nothing. */
export const staleCommandsHaveNoEffect: Invariant = {
  id: 'I12',
  name: 'stale commands have no effect',
  createObserver: () => ({
    onIdle: (desk, model) => {
      if (desk.preview === undefined) return null
      const due = desk.nextDueAt?.() ?? null
      const early = due === null ? model.at : Math.max(model.at, due - 1)
      const fired = desk.preview({ type: 'tick', at: early, times: [] }).events
      if (fired.length > 0) return `a tick at ${early}, before ${due}, makes ${fired.map(({ type }) => type)}`
      const closed = model.requests.findLast(({ outcome }) => outcome !== null)
      if (closed === undefined) return null
      const late = desk.preview({
        type: 'reroute',
        at: model.at,
        requestId: closed.requestId,
        routingResult: lateRoutingResult,
      })
      return late.events.length === 0 && !late.outcome.ok
        ? null
        : `a late routing result changed the closed ${closed.requestId}`
    },
  }),
}
