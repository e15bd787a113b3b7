import type { DomainEvent, EventOf } from '../../../src/core'
import type { ClientCommand } from './clients'
import { type HistoryChecker, violate } from './history-checker'
import type { SimulatedNode } from './simulated-node'

export interface AcknowledgementCheckerOptions {
  readonly history: HistoryChecker
  readonly nodes: readonly SimulatedNode[]
  /** Returns whether a loss that no node could repair was reported. */
  readonly hasLost: () => boolean
}

/**
 * Checks that acknowledged commands are in the one history. After a loss that no node could repair it checks the nodes
 * that still run: they open missing requests again, and report lost assignments as revoked.
 */
export class AcknowledgementChecker {
  readonly #options: AcknowledgementCheckerOptions
  readonly #revoked = new Set<string>()

  constructor(options: AcknowledgementCheckerOptions) {
    this.#options = options
  }

  recordRevocation(incarnation: string, requestId: string, staffId: string): void {
    this.#revoked.add(`${incarnation} ${requestId} ${staffId}`)
  }

  check(all: readonly ClientCommand[]): void {
    for (const { input, outcome, answeredBy } of all) {
      if (outcome === null || !outcome.ok || (this.#options.hasLost() && !this.#isRunning(answeredBy))) continue
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
    const hasOther = this.#options.hasLost() && this.#isOpened((opened) => opened.visitorId === visitorId)
    if (hasOther || (this.#options.hasLost() && mayHaveEnded(requestId, all))) return
    violate('V2', `${requestId} was acknowledged, and the store does not hold it`)
  }

  #checkRevoked(answeredBy: string, { requestId, staffId }: RequestAndStaff, all: readonly ClientCommand[]): void {
    if (!this.#options.hasLost()) {
      violate('D2', `${requestId} was acknowledged to ${staffId}, and the store does not hold it`)
    }
    if (mayHaveEnded(requestId, all) || this.#revoked.has(`${answeredBy} ${requestId} ${staffId}`)) return
    if (this.#isAccepted((taken) => taken.requestId === requestId && taken.staffId === staffId)) return
    violate('D2', `${answeredBy} acknowledged ${requestId} to ${staffId}, and did not report its loss`)
  }

  #isRunning(incarnation: string): boolean {
    return this.#options.nodes.some((node) => node.isUp && node.incarnation === incarnation)
  }

  #isOpened(matches: (opened: EventOf<'request.opened'>) => boolean): boolean {
    return this.#hasEvent((event) => event.type === 'request.opened' && matches(event))
  }

  #isAccepted(matches: (taken: RequestAndStaff & { assignmentId: string }) => boolean): boolean {
    return this.#hasEvent((event) => {
      if (event.type === 'request.accepted') return matches(event)
      return event.type === 'transfer.returned' && event.to !== null && matches({ ...event, ...event.to })
    })
  }

  #hasEvent(matches: (event: DomainEvent) => boolean): boolean {
    return this.#options.history.entries.some(({ payload }) => payload.events.some(matches))
  }
}

interface RequestAndStaff {
  readonly requestId: string
  readonly staffId: string
}

/** Returns whether a command could have closed or released it in any history, or opened another of this visitor. */
function mayHaveEnded(requestId: string, all: readonly ClientCommand[]): boolean {
  const visitorIds = all.flatMap((command) => (openedBy(command) === requestId ? [visitorOf(command)] : []))
  return all.some((command) => {
    const { input } = command
    if (input.type.startsWith('visitor') || input.type === 'requestChat') {
      return visitorIds.includes(visitorOf(command)) && openedBy(command) !== requestId
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
