/** What was written in a chat: by whom, and when. */
export interface ChatLine {
  readonly from: 'visitor' | 'staff' | 'desk'
  readonly name: string
  readonly text: string
  readonly at: number
}

/** What the visitor's page shows. */
export interface VisitorState {
  readonly phase: 'none' | 'waiting' | 'chatting' | 'ended'
  /** From 1; `null` when not waiting. */
  readonly position: number | null
  readonly staffName: string | null
  readonly lines: readonly ChatLine[]
}

/** Who works here, for the sign-in page and for names. */
export interface Colleague {
  readonly id: string
  readonly name: string
  readonly teams: readonly string[]
  readonly isPresent: boolean
}

/** Why a request came to somebody, for the portal's right panel. */
export interface RingingReasons {
  readonly workflow: string | null
  readonly staff: readonly { readonly staffId: string; readonly reason: string }[]
}
