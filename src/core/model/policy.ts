import type { WhenExhausted } from './route'

/** The desk's defaults and limits; see `docs/reference/policy.md`. Durations are milliseconds. */
export interface Policy {
  /** When an offer that is not answered expires. Between 15 s (Asterisk) and 30 s (LiveAgent). */
  readonly offerTimeoutMs: number
  /** Delay after a full round of offers without an answer. */
  readonly retryDelayMs: number
  /** From `all-muted` until the next step starts or the mutes end; `null` turns it off. */
  readonly remindAfterMs: number | null
  /** Open this long: `request.unattended`, cause `waited-too-long`, then again with doubling gaps up to 15 minutes. */
  readonly unattendedAfterMs: number
  /** A session without a heartbeat ends after this; `null` for a host that always reports a disconnect. */
  readonly sessionLeaseMs: number | null
  /** How long a staff member stays present after the last session has ended, so that a reload is no event. */
  readonly presenceGraceMs: number
  /**
   * A session of a visitor without a heartbeat ends after this; `null` for a host that always reports when one ends.
   * After a restart visitors get this long to come back, or `abandonAfterMs` where this is `null`.
   */
  readonly visitorLeaseMs: number | null
  /** How long the request of a visitor who left stays open. */
  readonly abandonAfterMs: number
  /** A transfer not accepted in time returns to its giver, or rings for everyone if the giver is absent or full. */
  readonly transferMs: number
  /** How long a slot stays occupied after its chat has ended. */
  readonly wrapUpMs: number
  /** A chat left alone (its staff member is absent, or `replyMs` has passed) rings again after this; `null`: never. */
  readonly reclaimAfterMs: number | null
  /** A chat without a `replied` command in this time rings again, muted for its staff member; `null`: never. */
  readonly firstReplyMs: number | null
  /** `visitorWrote` without `replied` in this time leaves a chat alone; `null`: never. */
  readonly replyMs: number | null
  /** A chat whose visitor left ends after this; `null`: never. */
  readonly endWhenVisitorLeftMs: number | null
  /** A request open for this long, since it last became open, is closed as `expired`; `null` (default): never. */
  readonly maxWaitMs: number | null
  /** What routes do that do not say it themselves, when none of their staff are there. */
  readonly whenExhausted: WhenExhausted
  /** The staff are notified of the same visitor again only after this. */
  readonly visitorAlertTtlMs: number
  /** Visitor notifications to one staff member in a minute, at most. */
  readonly visitorAlertsPerMinuteMax: number
  /** Capacity of a staff member without one, and weight of a request without one. */
  readonly capacity: number
  readonly weight: number
  /** Expired offers in a row before `staff.notResponding`. */
  readonly missedOffersMax: number
  /** Whether a staff member with so many expired offers is set `away` as well. */
  readonly awayAfterMissedOffers: boolean
  /** Live requests of one visitor, open or in a chat; a visitor who has this many gets one of them back. */
  readonly requestsPerVisitorMax: number
  readonly openRequestsMax: number
  readonly requestsPerMinuteMax: number
  readonly visitorsMax: number
  /** Visitors unknown to the desk who arrive in one minute of the clock. */
  readonly visitorsPerMinuteMax: number
}

/** The facts of all visitors of one desk at most, in bytes of JSON: a snapshot of the desk holds them. */
export const visitorFactsBytesMax = 64 * 1_024 * 1_024

/** The policy of a desk whose host sets none. */
export const defaultPolicy: Policy = {
  offerTimeoutMs: 20_000,
  retryDelayMs: 5_000,
  remindAfterMs: 60_000,
  unattendedAfterMs: 120_000,
  sessionLeaseMs: 90_000,
  presenceGraceMs: 30_000,
  visitorLeaseMs: 60_000,
  abandonAfterMs: 60_000,
  transferMs: 60_000,
  wrapUpMs: 0,
  reclaimAfterMs: 120_000,
  firstReplyMs: null,
  replyMs: null,
  endWhenVisitorLeftMs: null,
  maxWaitMs: null,
  whenExhausted: 'everyone',
  visitorAlertTtlMs: 1_800_000,
  visitorAlertsPerMinuteMax: 10,
  capacity: 5,
  weight: 1,
  missedOffersMax: 3,
  awayAfterMissedOffers: false,
  requestsPerVisitorMax: 1,
  openRequestsMax: 10_000,
  requestsPerMinuteMax: 1_000,
  visitorsMax: 100_000,
  visitorsPerMinuteMax: 10_000,
}
