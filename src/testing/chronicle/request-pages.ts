import { everyoneRoute, type RequestId, type Verdict } from '../../core'
import { type Chronicle, type RequestRecord, requestIn, staffIn } from './chronicle'
import type { Pages } from './pages'
import { seeVisitor } from './presence-pages'

type LifeEvent =
  | 'request.opened'
  | 'request.accepted'
  | 'request.replied'
  | 'request.released'
  | 'request.transferred'
  | 'transfer.returned'
  | 'request.rerouted'
  | 'request.closed'
  | 'wrapUp.ended'

/** The life of a request: opened, taken, given back, handed on, closed. */
export const requestPages: Pages<LifeEvent> = {
  'request.opened': (book, { requestId, visitorId, facts, weight, verdict, step, at }) => {
    seeVisitor(book, visitorId, true)
    book.requests.push({ requestId, visitorId, facts, weight, ...said(verdict), ...routed(step, at), ...untouched(at) })
  },
  'request.accepted': (book, { requestId, staffId, assignmentId, by, replyDueAt, at }) => {
    const request = by === null ? open(book, requestId) : recorded(book, requestId)
    request.assignment = { assignmentId, staffId, at, replyDueAt }
    Object.assign(request, { offers: [], transfer: null, warnAt: null, abandonAt: null })
  },
  'request.replied': (book, { requestId }) => {
    const { assignment } = recorded(book, requestId)
    if (assignment === null) throw new Error(`${requestId} was replied to, and nobody has it`)
    assignment.replyDueAt = null
  },
  'request.released': (book, { requestId, staffId, by, cause, exclude, step, at }) => {
    const request = assigned(book, requestId)
    Object.assign(request, routed(step, at), { assignment: null })
    if (cause === 'no-reply') request.silences = [{ staffId, untilAt: null }]
    if (exclude) decline(request, staffIn(book, by) === undefined ? staffId : by)
  },
  'request.transferred': (book, { requestId, staffId, route, step, returnAt, at }) => {
    const request = assigned(book, requestId)
    Object.assign(request, routed(step, at), { assignment: null, route, workflow: null })
    request.silences = [{ staffId, untilAt: null }]
    request.transfer = { by: staffId, returnAt }
  },
  'transfer.returned': (book, { requestId, to, at }) => {
    const request = open(book, requestId)
    Object.assign(request, routed(to === null ? 0 : request.step, at))
    if (to === null) Object.assign(request, { route: everyoneRoute, workflow: null })
    else Object.assign(request, { assignment: { ...to, at, replyDueAt: null }, warnAt: null, abandonAt: null })
  },
  'request.rerouted': (book, { requestId, verdict, step, at }) => {
    Object.assign(open(book, requestId), said(verdict), routed(step, at))
  },
  'request.closed': (book, { requestId, outcome, staffId, wrapUpUntilAt }) => {
    const request = recorded(book, requestId)
    if (request.outcome !== null) throw new Error(`${requestId} was closed twice`)
    Object.assign(request, { outcome, assignment: null, offers: [], transfer: null })
    if (staffId === null || wrapUpUntilAt === null) return
    book.wrapUps.push({ requestId, staffId, weight: request.weight, untilAt: wrapUpUntilAt })
  },
  'wrapUp.ended': (book, { requestId }) => {
    book.wrapUps = book.wrapUps.filter((wrapUp) => wrapUp.requestId !== requestId)
  },
}

function said({ workflow, route, priority, tags }: Verdict) {
  return { workflow, route, priority, tags }
}

/** Routed anew: mutes, offers and the pass begin afresh; declines stay. */
function routed(step: number, at: number) {
  return { step, routedAt: at, silences: [], offers: [], triedThisPass: [], restUntilAt: null, transfer: null }
}

function untouched(at: number) {
  return { openedAt: at, outcome: null, assignment: null, declinedBy: [], warnAt: null, abandonAt: null }
}

export function decline(request: RequestRecord, staffId: string): void {
  if (!request.declinedBy.includes(staffId)) request.declinedBy.push(staffId)
}

/** The record of a request that is neither closed nor taken; an event about another kind of request is a bug. */
export function open(book: Chronicle, requestId: RequestId): RequestRecord {
  const request = recorded(book, requestId)
  if (request.outcome !== null) throw new Error(`an event calls ${requestId} open after it was ${request.outcome}`)
  if (request.assignment !== null)
    throw new Error(`an event calls ${requestId} open while ${request.assignment.staffId} has it`)
  return request
}

function assigned(book: Chronicle, requestId: RequestId): RequestRecord {
  const request = recorded(book, requestId)
  if (request.assignment === null) throw new Error(`an event calls ${requestId} assigned, and nobody has it`)
  return request
}

function recorded(book: Chronicle, requestId: RequestId): RequestRecord {
  const request = requestIn(book, requestId)
  if (request === undefined) throw new Error(`an event names ${requestId}, which was never opened`)
  return request
}
