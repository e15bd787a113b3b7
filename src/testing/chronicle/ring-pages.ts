import type { StaffId } from '../../core'
import type { RequestRecord } from './chronicle'
import type { Pages } from './pages'
import { decline, open } from './request-pages'

type RingingEvent =
  | 'request.muted'
  | 'request.unmuted'
  | 'snooze.ended'
  | 'request.declined'
  | 'step.started'
  | 'request.reminded'
  | 'offer.made'
  | 'offer.expired'
  | 'pass.ended'
  | 'pass.started'
  | 'request.unattended'

/** What happens to an open request: silences, steps, offers and warnings. */
export const ringPages: Pages<RingingEvent> = {
  'request.muted': (book, { requestId, staffId, untilAt }) => {
    const request = open(book, requestId)
    unsilence(request, staffId)
    request.silences.push({ staffId, untilAt })
    withdraw(request, staffId)
  },
  'request.unmuted': (book, { requestId, staffId }) => unsilence(open(book, requestId), staffId),
  'snooze.ended': (book, { requestId, staffId }) => unsilence(open(book, requestId), staffId),
  'request.declined': (book, { requestId, staffId }) => {
    const request = open(book, requestId)
    decline(request, staffId)
    unsilence(request, staffId)
    withdraw(request, staffId)
  },
  'step.started': (book, { requestId, step }) => {
    Object.assign(open(book, requestId), { step, silences: [], triedThisPass: [], restUntilAt: null })
  },
  'request.reminded': (book, { requestId }) => {
    const request = open(book, requestId)
    request.silences = []
  },
  'offer.made': (book, { requestId, staffIds, untilAt }) => {
    const request = open(book, requestId)
    for (const staffId of staffIds) request.offers.push({ staffId, untilAt })
  },
  'offer.expired': (book, { requestId, staffId }) => {
    const request = open(book, requestId)
    withdraw(request, staffId)
    request.triedThisPass.push(staffId)
  },
  'pass.ended': (book, { requestId, restUntilAt }) => {
    const request = open(book, requestId)
    request.restUntilAt = restUntilAt
  },
  'pass.started': (book, { requestId }) => {
    Object.assign(open(book, requestId), { restUntilAt: null, triedThisPass: [] })
  },
  'request.unattended': (book, { requestId, cause, nextAt }) => {
    if (cause === 'waited-too-long') open(book, requestId).warnAt = nextAt
  },
}

function unsilence(request: RequestRecord, staffId: StaffId): void {
  request.silences = request.silences.filter((silence) => silence.staffId !== staffId)
}

function withdraw(request: RequestRecord, staffId: StaffId): void {
  request.offers = request.offers.filter((offer) => offer.staffId !== staffId)
}
