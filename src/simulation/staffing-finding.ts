/** Something about a scenario that is said before it is run. An `error` leaves requests that nobody can ever take. */
export interface StaffingFinding {
  readonly severity: 'error' | 'warning'
  readonly code:
    | 'nobody-meant'
    | 'unknown-shift'
    | 'never-on-shift'
    | 'hours-uncovered'
    | 'overloaded'
    | 'close-to-capacity'
    | 'too-heavy'
    | 'no-arrivals'
    | 'never-present'
    | 'answers-too-slowly'
  /** The workflow, target, team or person it is about. */
  readonly about: string
  readonly message: string
}
