import type { DomainEvent, EventOf } from '../../../src/core'
import type { Asked } from './people'
import type { SimNode } from './sim-node'
import { broken, type Witness } from './witness'

export interface ToldParts {
  readonly witness: Witness
  readonly nodes: readonly SimNode[]
  /** A loss that no node could heal was reported. */
  readonly hasLost: () => boolean
}

/**
 * What people were told holds in the one history. After a loss that nobody could heal, what the node said that still
 * lives: it opens again what is missing, and tells who had a chat that they have it no more.
 */
export class Told {
  readonly #parts: ToldParts
  readonly #revoked = new Set<string>()

  constructor(parts: ToldParts) {
    this.#parts = parts
  }

  revoked(incarnation: string, requestId: string, staffId: string): void {
    this.#revoked.add(`${incarnation} ${requestId} ${staffId}`)
  }

  check(all: readonly Asked[]): void {
    for (const { input, outcome, answeredBy } of all) {
      if (outcome === null || !outcome.ok || (this.#parts.hasLost() && !this.#lives(answeredBy))) continue
      if (input.type === 'requestChat' && 'requestId' in outcome) {
        this.#mustBeOpened(String(outcome.requestId), input.visitorId, all)
      } else if (input.type === 'accept' && 'assignmentId' in outcome) {
        if (this.#isInLog(({ assignmentId }) => assignmentId === outcome.assignmentId)) continue
        this.#mustBeRevoked(answeredBy, input, all)
      }
    }
  }

  #mustBeOpened(requestId: string, visitorId: string, all: readonly Asked[]): void {
    if (this.#isOpened((opened) => opened.requestId === requestId)) return
    const isAnother = this.#parts.hasLost() && this.#isOpened((opened) => opened.visitorId === visitorId)
    if (isAnother || (this.#parts.hasLost() && mayBeOver(requestId, all))) return
    broken('V2', `${requestId} was acknowledged, and no log holds it`)
  }

  #mustBeRevoked(answeredBy: string, { requestId, staffId }: Pair, all: readonly Asked[]): void {
    if (!this.#parts.hasLost()) {
      broken('D2', `${staffId} was told that ${requestId} is theirs, and the log does not say so`)
    }
    if (mayBeOver(requestId, all) || this.#revoked.has(`${answeredBy} ${requestId} ${staffId}`)) return
    if (this.#isInLog((taken) => taken.requestId === requestId && taken.staffId === staffId)) return
    broken('D2', `${staffId} was told by ${answeredBy} that ${requestId} is theirs, and not of its loss`)
  }

  #lives(incarnation: string): boolean {
    return this.#parts.nodes.some((node) => node.isUp && node.incarnation === incarnation)
  }

  #isOpened(isIt: (opened: EventOf<'request.opened'>) => boolean): boolean {
    return this.#hasEvent((event) => event.type === 'request.opened' && isIt(event))
  }

  #isInLog(isIt: (taken: Pair & { assignmentId: string }) => boolean): boolean {
    return this.#hasEvent((event) => {
      if (event.type === 'request.accepted') return isIt(event)
      return event.type === 'transfer.returned' && event.to !== null && isIt({ ...event, ...event.to })
    })
  }

  #hasEvent(isIt: (event: DomainEvent) => boolean): boolean {
    return this.#parts.witness.entries.some(({ payload }) => payload.events.some(isIt))
  }
}

interface Pair {
  readonly requestId: string
  readonly staffId: string
}

/** Somebody asked for what ends it or gives it away, in whichever history, or for another request of this visitor. */
function mayBeOver(requestId: string, all: readonly Asked[]): boolean {
  const visitorIds = all.flatMap((asked) => (openedBy(asked) === requestId ? [visitorOf(asked)] : []))
  return all.some((asked) => {
    const { input } = asked
    if (input.type === 'visitorLeft' || input.type === 'requestChat') {
      return visitorIds.includes(visitorOf(asked)) && openedBy(asked) !== requestId
    }
    return input.type in givingAway && 'requestId' in input && input.requestId === requestId
  })
}

function openedBy({ outcome }: Asked): string | undefined {
  return outcome?.ok === true && 'requestId' in outcome ? String(outcome.requestId) : undefined
}

function visitorOf({ input }: Asked): string | undefined {
  return 'visitorId' in input ? input.visitorId : undefined
}

const givingAway = { end: true, release: true, transfer: true, cancel: true }
