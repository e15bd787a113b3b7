import type { Appointment } from './calendar'
import type { IntervalTally } from './interval-tally'
import type { RequestTally } from './request-tally'

/** A request from its arrival to its end. Its appointment is when the visitor gives up, or when the chat is over. */
export interface LiveRequest extends Appointment {
  readonly kind: 'request'
  readonly id: string
  /** The nth arrival: what its chances are drawn by. */
  readonly index: number
  readonly visitorId: string
  readonly openedAt: number
  /** `null`: as long as whoever takes it needs. */
  readonly handlingMs: number | null
  readonly patienceMs: number | null
  /** Wherever it is counted. Empty while warming up. */
  readonly rows: readonly RequestTally[]
  readonly interval: IntervalTally | null
  isTaken: boolean
  /** When the visitor gave up; `null`: has not. */
  leftAt: number | null
  wasUnattended: boolean
}
