import type { Command, CommandType } from '../../core'
import { everyoneRoute } from '../../core'
import type { Step } from '../driver/scenario'
import type { ReferenceModel } from '../reference-model/reference-model'
import type { DeskView, Invariant } from './invariant'

/** Commands that say how things are: said twice at one instant, they change nothing the second time. */
const idempotentCommands: ReadonlySet<CommandType> = new Set<CommandType>([
  'requestChat',
  'accept',
  'mute',
  'unmute',
  'decline',
  'replied',
  'connect',
  'disconnect',
  'heartbeat',
  'setAvailability',
  'setStaff',
  'removeStaff',
  'setWorkflows',
  'setWorkflow',
  'setShifts',
  'setPolicy',
  'visitorLeft',
  'cancel',
  'end',
  'tick',
])

/** I7: an extra tick at the same instant changes nothing, nor does a statement made twice. */
export const idempotence: Invariant = {
  id: 'I7',
  name: 'idempotence',
  createObserver: () => {
    let last: Step | null = null
    return {
      afterTurn: (turn) => {
        if (turn.command.type !== 'tick') last = turn
        return null
      },
      atRest: (desk, book) => {
        const again = findEffect(desk, { type: 'tick', at: book.at, times: [] })
        if (again !== null) return again
        return last === null || !isRepeatable(last, book) ? null : findEffect(desk, last.command)
      },
    }
  },
}

/** A deadline that came with the command may have undone it: then saying it again is news. */
function isRepeatable({ command, outcome }: Step, book: ReferenceModel): boolean {
  return outcome.ok && idempotentCommands.has(command.type) && command.at === book.at && command.type !== 'requestChat'
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
  name: 'refusals are free',
  createObserver: () => ({
    afterTurn: ({ command, outcome, steps }) => {
      if (outcome.ok || steps.length === 0) return null
      return `${command.type} was refused as ${outcome.code} and made ${steps.map(({ event }) => event.type)}`
    },
  }),
}

const lateRoutingResult = { workflow: 'late', route: everyoneRoute, priority: 99, tags: [] }

/** I12: a timer that fires before its time and a rule result for what is no longer open change nothing. */
export const staleCommandsHaveNoEffect: Invariant = {
  id: 'I12',
  name: 'stale is harmless',
  createObserver: () => ({
    atRest: (desk, book) => {
      if (desk.preview === undefined) return null
      const due = desk.nextDueAt?.() ?? null
      const early = due === null ? book.at : Math.max(book.at, due - 1)
      const fired = desk.preview({ type: 'tick', at: early, times: [] }).events
      if (fired.length > 0) return `a tick at ${early}, before ${due}, makes ${fired.map(({ type }) => type)}`
      const closed = book.requests.findLast(({ outcome }) => outcome !== null)
      if (closed === undefined) return null
      const late = desk.preview({
        type: 'reroute',
        at: book.at,
        requestId: closed.requestId,
        routingResult: lateRoutingResult,
      })
      return late.events.length === 0 && !late.outcome.ok
        ? null
        : `a late verdict changed the closed ${closed.requestId}`
    },
  }),
}
