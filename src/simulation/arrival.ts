import type { Facts } from '../core'

/** A visitor asks for a chat. What is left out is drawn from the scenario's behaviour. */
export interface Arrival {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly facts: Facts
  /** Default: a visitor of its own. One who comes again while a request is open gets that one back. */
  readonly visitorId?: string
  readonly weight?: number
  /** How long the chat lasts once it is taken. */
  readonly handlingMs?: number
  /** How long the visitor waits before giving up; `null`: for ever. */
  readonly patienceMs?: number | null
}
