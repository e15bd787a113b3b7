/** One line of a chat. */
export interface ChatLine {
  readonly from: 'visitor' | 'staff' | 'desk'
  readonly name: string
  readonly text: string
  readonly at: number
}

/** The state of the visitor's page. */
export interface VisitorState {
  readonly phase: 'none' | 'waiting' | 'chatting' | 'ended'
  /** From 1; `null` when not waiting. */
  readonly position: number | null
  readonly staffName: string | null
  readonly lines: readonly ChatLine[]
}

/** A staff member as the sign-in page shows them. */
export interface Colleague {
  readonly id: string
  readonly name: string
  readonly teams: readonly string[]
  readonly isPresent: boolean
}

/** Why a request rings for these staff members, for the portal's right panel. */
export interface RingingReasons {
  readonly workflow: string | null
  readonly staff: readonly { readonly staffId: string; readonly reason: string }[]
}
