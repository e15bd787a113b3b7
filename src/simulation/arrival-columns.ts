/**
 * Which column (CSV, by its heading) or key (JSON lines) holds what. Only that of `at` has to be there; columns that
 * are named nowhere are left out. Fields that are empty count as left out.
 */
export interface ArrivalColumns {
  /** When the visitor asked. Default `at`. */
  readonly at: string
  /** For local times such as `2026-11-23 09:15:00`; without it, times are ISO 8601 with an offset or milliseconds. */
  readonly timeZone?: string
  readonly visitorId?: string
  readonly weight?: string
  /** How long the chat lasted. */
  readonly handling?: string
  /** After how long the visitor gave up. */
  readonly patience?: string
  /** What 1 means in the columns of `handling` and `patience`, in milliseconds: 1000 for seconds. Default 1. */
  readonly unitMs?: number
  /** Fact to column. In JSON lines a key `facts` that holds an object gives all its facts without being named. */
  readonly facts?: Readonly<Record<string, string | FactColumn>>
}

/** Text stays text unless it is said to be something else: `"10"` is another fact than `10`. */
export interface FactColumn {
  readonly column: string
  readonly as: 'text' | 'number' | 'flag'
}
