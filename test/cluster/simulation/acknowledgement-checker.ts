import type { DomainEvent, EventOf } from '../../../src/core'
import type { ClientCommand } from './clients'
import { type HistoryChecker, violate } from './history-checker'
import type { SimulatedNode } from './simulated-node'

export interface AcknowledgementCheckerOptions {
  readonly witness: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  /** A loss that no node could heal was reported. */
  readonly hasLost: () => boolean
}

/**
 * What people were told holds in the one history. After a loss that nobody could heal, what the node said that still
 * lives: it opens again what is missing, and tells who had a chat that they have it no more.
 */
export class AcknowledgementChecker {
  readonly #parts: AcknowledgementCheckerOptions
  readonly #revoked = new Set<string>()

  constructor(parts: AcknowledgementCheckerOptions) {
    this.#parts = parts
  }

  recordRevocation(incarnation: string, requestId: string, staffId: string): void {
    this.#revoked.add(`${incarnation} ${requestId} ${staffId}`)
  }

  check(all: readonly ClientCommand[]): void {
    for (const { input, outcome, answeredBy } of all) {
      if (outcome === null || !outcome.ok || (this.#parts.hasLost() && !this.#isRunning(answeredBy))) continue
      if (input.type === 'requestChat' && 'requestId' in outcome) {
        this.#checkOpened(String(outcome.requestId), input.visitorId, all)
      } else if (input.type === 'accept' && 'assignmentId' in outcome) {
        if (this.#isAccepted(({ assignmentId }) => assignmentId === outcome.assignmentId)) continue
        this.#checkRevoked(answeredBy, input, all)
      }
    }
  }

  #checkOpened(requestId: string, visitorId: string, all: readonly ClientCommand[]): void {
    if (this.#isOpened((opened) => opened.requestId === requestId)) return
    const isAnother = this.#parts.hasLost() && this.#isOpened((opened) => opened.visitorId === visitorId)
    if (isAnother || (this.#parts.hasLost() && mayHaveEnded(requestId, all))) return
    violate('V2', `${requestId} was acknowledged, and no log holds it`)
  }

  #checkRevoked(answeredBy: string, { requestId, staffId }: RequestAndStaff, all: readonly ClientCommand[]): void {
    if (!this.#parts.hasLost()) {
      violate('D2', `${staffId} was told that ${requestId} is theirs, and the log does not say so`)
    }
    if (mayHaveEnded(requestId, all) || this.#revoked.has(`${answeredBy} ${requestId} ${staffId}`)) return
    if (this.#isAccepted((taken) => taken.requestId === requestId && taken.staffId === staffId)) return
    violate('D2', `${staffId} was told by ${answeredBy} that ${requestId} is theirs, and not of its loss`)
  }

  #isRunning(incarnation: string): boolean {
    return this.#parts.nodes.some((node) => node.isUp && node.incarnation === incarnation)
  }

  #isOpened(isIt: (opened: EventOf<'request.opened'>) => boolean): boolean {
    return this.#hasEvent((event) => event.type === 'request.opened' && isIt(event))
  }

  #isAccepted(isIt: (taken: RequestAndStaff & { assignmentId: string }) => boolean): boolean {
    return this.#hasEvent((event) => {
      if (event.type === 'request.accepted') return isIt(event)
      return event.type === 'transfer.returned' && event.to !== null && isIt({ ...event, ...event.to })
    })
  }

  #hasEvent(isIt: (event: DomainEvent) => boolean): boolean {
    return this.#parts.witness.entries.some(({ payload }) => payload.events.some(isIt))
  }
}

interface RequestAndStaff {
  readonly requestId: string
  readonly staffId: string
}

/** Somebody asked for what ends it or gives it away, in whichever history, or for another request of this visitor. */
function mayHaveEnded(requestId: string, all: readonly ClientCommand[]): boolean {
  const visitorIds = all.flatMap((asked) => (openedBy(asked) === requestId ? [visitorOf(asked)] : []))
  return all.some((asked) => {
    const { input } = asked
    if (input.type === 'visitorLeft' || input.type === 'requestChat') {
      return visitorIds.includes(visitorOf(asked)) && openedBy(asked) !== requestId
    }
    return input.type in endingCommands && 'requestId' in input && input.requestId === requestId
  })
}

function openedBy({ outcome }: ClientCommand): string | undefined {
  return outcome?.ok === true && 'requestId' in outcome ? String(outcome.requestId) : undefined
}

function visitorOf({ input }: ClientCommand): string | undefined {
  return 'visitorId' in input ? input.visitorId : undefined
}

const endingCommands = { end: true, release: true, transfer: true, cancel: true }
