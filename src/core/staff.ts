import type { ShiftId, StaffId } from './ids'

/** A person who answers, as the host describes them. */
export interface Staff {
  readonly id: StaffId
  readonly name?: string
  readonly teams?: readonly string[]
  /** Skill name to level, 0 to 100. */
  readonly skills?: Readonly<Record<string, number>>
  readonly shifts?: readonly ShiftId[]
  /** Chats at once, in units of request weight. Default `policy.capacity`. */
  readonly capacity?: number
}

/** The wish to get work. */
export type Availability = 'available' | 'away'
