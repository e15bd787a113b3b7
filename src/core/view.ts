import type { AssignmentId, Facts, RequestId, StaffId, VisitorId } from './ids'
import type { Availability } from './staff'

/** One request as the outside sees it: a plain JSON copy. */
export interface RequestView {
  readonly requestId: RequestId
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly priority: number
  readonly tags: readonly string[]
  readonly weight: number
  /** When it was first asked for; never reset by release or transfer. */
  readonly openedAt: number
  /** `ringing`: it rings for somebody. `waiting`: for nobody, and a wake-up is registered. */
  readonly phase: 'ringing' | 'waiting' | 'assigned'
  /** Index of the latest step that started; the number of steps when widened to everyone. */
  readonly step: number
  readonly workflow: string | null
  /** The sound that its step asks for; `null`: the usual one. */
  readonly tone: string | null
  readonly assignment: { readonly assignmentId: AssignmentId; readonly staffId: StaffId; readonly at: number } | null
}

/** One line of an awaiting list: a request that may be started, and why it stands there. */
export interface AwaitingItem {
  readonly requestId: RequestId
  readonly why: WhyAwaiting
  /** Since when it stands there for this reason. */
  readonly since: number
  /** When a snooze ends; `null` otherwise. */
  readonly untilAt: number | null
  readonly request: RequestView
}

export type WhyAwaiting = 'ringing' | 'muted' | 'snoozed' | 'missed' | 'waiting' | 'over-capacity'

export interface VisitorView {
  readonly visitorId: VisitorId
  readonly facts: Facts
  readonly arrivedAt: number
}

export interface StaffView {
  readonly staffId: StaffId
  readonly name: string
  readonly teams: readonly string[]
  readonly skills: Readonly<Record<string, number>>
  readonly shifts: readonly string[]
  readonly capacity: number
  readonly load: number
  readonly availability: Availability
  readonly isPresent: boolean
}

/** All that one staff member's screen shows, at one version of the desk. */
export interface PortalSnapshot {
  readonly staffId: StaffId
  readonly version: number
  readonly at: number
  readonly availability: Availability
  readonly ringing: readonly RequestView[]
  readonly awaiting: readonly AwaitingItem[]
  readonly chats: readonly RequestView[]
  readonly visitors: readonly VisitorView[]
}
