/** A line that is no arrival, and why. */
export interface LineProblem {
  /** From 1; the heading of a CSV file is a line. */
  readonly line: number
  readonly message: string
}
