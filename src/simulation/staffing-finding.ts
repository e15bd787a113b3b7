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

export function finding(
  severity: StaffingFinding['severity'],
  code: StaffingFinding['code'],
  about: string,
  message: string,
): StaffingFinding {
  return { severity, code, about, message }
}

/** Names as a reader can take them in. */
export function few(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
}
