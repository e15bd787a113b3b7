/** The desk's defaults and limits (SEMANTICS 10). Durations are milliseconds. */
export interface Policy {
  /** How long a selective offer stands unanswered. Between 15 s (Asterisk) and 30 s (LiveAgent). */
  readonly offerTimeoutMs: number
  /** Rest after a full pass of offers without an answer. */
  readonly retryDelayMs: number
  /** From "everybody muted" until the next step or the lifting of the mutes; `null` turns it off. */
  readonly remindAfterMs: number | null
  /** Open this long: `request.unattended`, cause `waited-too-long`, then again with doubling gaps up to 15 minutes. */
  readonly unattendedAfterMs: number
  /** A session without a heartbeat ends after this; `null` for a host that always reports a disconnect. */
  readonly sessionLeaseMs: number | null
  /** How long one stays present after the last session has ended, so that a reload is no event. */
  readonly presenceGraceMs: number
  /** How long the place of a visitor who left is kept. */
  readonly abandonAfterMs: number
  /** A transfer that nobody takes in this time goes back. */
  readonly transferMs: number
  /** After a chat, the slot stays taken this long. */
  readonly wrapUpMs: number
  /** A chat whose staff member has not called `replied` in this time goes back to the ring; `null`: never. */
  readonly firstReplyMs: number | null
  /** A request that nobody has taken for this long is closed as `expired`; `null` (default): never end a chat. */
  readonly maxWaitMs: number | null
  /** The same visitor is announced again only after this. */
  readonly visitorAlertTtlMs: number
  /** Visitor notices one staff member gets in a minute, at most. */
  readonly visitorAlertsPerMinuteMax: number
  /** Chats at once of a staff member who states none, and the weight of a request that states none. */
  readonly capacity: number
  readonly weight: number
  /** Expired offers in a row before `staff.notResponding`. */
  readonly missedOffersMax: number
  /** Whether such a person is set `away` as well. */
  readonly awayAfterMissedOffers: boolean
  readonly openRequestsMax: number
  readonly requestsPerMinuteMax: number
  readonly visitorsMax: number
}

/** One table in the code; `docs/reference/policy.md` is the same one. */
export const defaultPolicy: Policy = {
  offerTimeoutMs: 20_000,
  retryDelayMs: 5_000,
  remindAfterMs: 60_000,
  unattendedAfterMs: 120_000,
  sessionLeaseMs: 90_000,
  presenceGraceMs: 30_000,
  abandonAfterMs: 60_000,
  transferMs: 60_000,
  wrapUpMs: 0,
  firstReplyMs: null,
  maxWaitMs: null,
  visitorAlertTtlMs: 1_800_000,
  visitorAlertsPerMinuteMax: 10,
  capacity: 5,
  weight: 1,
  missedOffersMax: 3,
  awayAfterMissedOffers: false,
  openRequestsMax: 10_000,
  requestsPerMinuteMax: 1_000,
  visitorsMax: 100_000,
}
