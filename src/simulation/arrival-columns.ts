/**
 * Which column (CSV, by its heading) or key (JSON lines) holds what. Only `at` has to be there. Columns that are named
 * nowhere are left out.
 */
export interface ArrivalColumns {
  /** When the visitor asked: ISO 8601 with an offset, or milliseconds since the epoch. Default `at`. */
  readonly at: string
  readonly visitorId?: string
  readonly weight?: string
  /** Milliseconds that the chat lasted; an empty field is drawn from the behaviour. */
  readonly handlingMs?: string
  /** Milliseconds after which the visitor gave up; an empty field is drawn from the behaviour. */
  readonly patienceMs?: string
  /** Name of a fact to its column. In JSON lines a column `facts` that holds an object gives all of its facts. */
  readonly facts?: Readonly<Record<string, string>>
}
