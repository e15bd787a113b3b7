import type { SessionId, VisitorId } from '../../core'
import type { Step } from '../driver/scenario'
import type { ReferenceModel } from '../reference-model/reference-model'
import { isOpen } from '../reference-model/reference-model'
import { isVisitorPresent } from '../reference-model/ringing'
import type { Invariant } from './invariant'
import { notBeforeReturn } from './liveness'

/**
 * I16: a request rings only while a session of its visitor lives, or while the visitor who asked for it has had none
 * that the desk knows; it is abandoned only while none lives. A session lives from its start or heartbeat until the
 * host ends it or its lease has run out, whatever events the desk makes of that. Asking is a session of a visitor who
 * has had one: it lasts no longer than a lease. It does not see who is dropped when the lease changes: the desk
 * records a heartbeat only once a third of a lease is used up, so that the new one begins up to a third early.
 * Until the next heartbeat such a session proves nothing.
 */
export const onlyPresentVisitorsRing: Invariant = {
  id: 'I16',
  name: 'only present visitors ring',
  createObserver: () => {
    const log = new VisitorLog()
    let closed: { readonly visitorId: VisitorId; readonly requestId: string }[] = []
    return {
      beforeEvent: (event, model) => {
        if (event.type === 'policy.set') log.changeLease(model, event.policy.visitorLeaseMs, event.at)
        if (event.type !== 'request.closed' || event.outcome !== 'abandoned') return null
        const request = model.requests.find(({ requestId }) => requestId === event.requestId)
        if (request === undefined) return null
        closed.push(request)
        return isVisitorPresent(model, request) ? `${event.requestId} is abandoned, and its visitor has not left` : null
      },
      afterStep: (step, model) => {
        log.record(step, model)
        const abandoned = closed
        closed = []
        const visitor = abandoned.find(({ visitorId }) => log.isSurelyHere(visitorId, step.command.at, model))
        return visitor === undefined ? null : `${visitor.requestId} is abandoned, and ${visitor.visitorId} is here`
      },
      onIdle: (desk, model) => {
        for (const { requestId, visitorId } of model.requests.filter(isOpen)) {
          const isRinging = desk.request(requestId)?.phase === 'ringing'
          if (isRinging && log.isSurelyGone(visitorId, model)) return `${requestId} rings, and ${visitorId} has gone`
        }
        return null
      },
    }
  },
}

/** A session counts as renewed only once a third of its lease is used up. */
const surelyLivingShare = 2 / 3

/** What the commands said of the visitors' sessions, beside the events that the desk made of them. */
class VisitorLog {
  /** When each session was last known to live. */
  readonly #seenAt = new Map<VisitorId, Map<SessionId, number>>()
  /** The visitors of whom the desk knows a session with an id, until it forgets them. */
  readonly #hasSessions = new Set<VisitorId>()
  /** When those of them who may have left asked last. */
  readonly #askedAt = new Map<VisitorId, number>()
  /** The others who may be here without a session: asking is all that the desk knows of them. */
  readonly #isHereByAsking = new Set<VisitorId>()
  /** When the length of the lease changed last. */
  #leaseChangedAt = Number.NEGATIVE_INFINITY

  record({ command, outcome, applied }: Step, model: ReferenceModel): void {
    for (const { event } of applied) {
      if (event.type === 'visitor.forgotten') this.#hasSessions.delete(event.visitorId)
      if (event.type !== 'visitorSession.ended' || event.cause !== 'lease-expired') continue
      const { visitorId, sessionId } = event
      const seenAt = this.#sessionsOf(visitorId).get(sessionId)
      if (seenAt !== undefined && this.#isSurelyOver(seenAt, sessionId, model, event.at))
        this.#sessionsOf(visitorId).delete(sessionId)
    }
    if (!outcome.ok) return
    switch (command.type) {
      case 'visitorArrived':
      case 'visitorHeartbeat':
        this.#sessionsOf(command.visitorId).set(command.sessionId ?? '', command.at)
        this.#isHereByAsking.delete(command.visitorId)
        if ((command.sessionId ?? '') !== '') this.#hasSessions.add(command.visitorId)
        return
      case 'visitorLeft':
        this.#sessionsOf(command.visitorId).delete(command.sessionId ?? '')
        this.#isHereByAsking.delete(command.visitorId)
        return
      case 'requestChat':
        if (!this.isSurelyHere(command.visitorId, command.at, model)) this.#recordAsking(command, model)
        return
      default:
    }
  }

  #recordAsking({ visitorId, at }: { visitorId: VisitorId; at: number }, { policy }: ReferenceModel): void {
    if (this.#hasSessions.has(visitorId) && policy.visitorLeaseMs !== null) this.#askedAt.set(visitorId, at)
    else this.#isHereByAsking.add(visitorId)
  }

  /** Leases that are switched on run from then on; others run from the heartbeat that was recorded last. */
  changeLease({ policy }: ReferenceModel, leaseMs: number | null, at: number): void {
    if (leaseMs === policy.visitorLeaseMs) return
    if (policy.visitorLeaseMs !== null) {
      this.#leaseChangedAt = at
      return
    }
    for (const sessions of this.#seenAt.values()) for (const sessionId of sessions.keys()) sessions.set(sessionId, at)
    for (const visitorId of this.#askedAt.keys()) this.#askedAt.set(visitorId, at)
  }

  isSurelyHere(visitorId: VisitorId, at: number, { policy: { visitorLeaseMs } }: ReferenceModel): boolean {
    return [...this.#sessionsOf(visitorId)].some(([sessionId, seenAt]) => {
      if (sessionId === '') return true
      const isLiving = visitorLeaseMs === null || at < seenAt + visitorLeaseMs * surelyLivingShare
      return seenAt > this.#leaseChangedAt && isLiving
    })
  }

  isSurelyGone(visitorId: VisitorId, model: ReferenceModel): boolean {
    if (this.#isHereByAsking.has(visitorId) || !this.#seenAt.has(visitorId)) return false
    const sessions = [...this.#sessionsOf(visitorId), ['by asking', this.#askedAt.get(visitorId)] as const]
    return sessions.every(
      ([sessionId, seenAt]) => seenAt === undefined || this.#isSurelyOver(seenAt, sessionId, model, model.at),
    )
  }

  #isSurelyOver(seenAt: number, sessionId: SessionId, model: ReferenceModel, at: number): boolean {
    const { visitorLeaseMs } = model.policy
    if (sessionId === '' || visitorLeaseMs === null) return false
    return at >= (notBeforeReturn(model, seenAt + visitorLeaseMs) ?? at)
  }

  #sessionsOf(visitorId: VisitorId): Map<SessionId, number> {
    const sessions = this.#seenAt.get(visitorId) ?? new Map<SessionId, number>()
    this.#seenAt.set(visitorId, sessions)
    return sessions
  }
}
