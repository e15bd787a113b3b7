import type { ClosedOutcome, Refusal, WhyNotInAudience } from '../core'

/** One sentence for people; programs read `code`. */
export function refusalMessage(refusal: Refusal): string {
  switch (refusal.code) {
    case 'unknown-request':
      return `There is no request "${refusal.requestId}".`
    case 'unknown-staff':
      return `There is no staff member "${refusal.staffId}".`
    case 'gone':
      return `Request "${refusal.requestId}" ${gone[refusal.outcome]}.`
    case 'taken':
      return `Request "${refusal.requestId}" has been taken by "${refusal.by}".`
    case 'not-in-audience':
      return `Request "${refusal.requestId}" is not for "${refusal.staffId}": ${whyNot[refusal.why]}.`
    case 'at-capacity': {
      const { staffId, requestId, load, capacity } = refusal
      return `"${staffId}" has no room for request "${requestId}": ${load} of ${capacity} taken.`
    }
    case 'not-assigned':
      return `Nobody has request "${refusal.requestId}".`
    case 'limit-exceeded':
      return `The desk is full: the policy ${refusal.limit} allows ${refusal.max}.`
    case 'duplicate-id':
      return `The id "${refusal.requestId}" has been used for another request.`
    default:
      return refusal satisfies never
  }
}

const gone: Readonly<Record<ClosedOutcome, string>> = {
  ended: 'has ended',
  cancelled: 'was cancelled',
  abandoned: 'was abandoned by its visitor',
  expired: 'waited longer than the policy allows',
}

const whyNot: Readonly<Record<WhyNotInAudience, string>> = {
  'not-in-team': 'not among those it was sent to',
  'lacks-skill': 'a skill it asks for is missing or too low',
  'off-shift': 'not of the shift it asks for',
  declined: 'it was declined',
}
