import { type InputIssue, readablePath } from '../core'

/** A line that is no arrival, and why. */
export interface LineProblem {
  /** From 1; the heading of a CSV file is a line. */
  readonly line: number
  readonly message: string
}

/** What was wrong with lines, in words. */
export function problemsOf(
  malformed: readonly { readonly line: number; readonly issues: readonly InputIssue[] }[],
): LineProblem[] {
  return malformed.map(({ line, issues }) => ({ line, message: issues.map(sentence).join('; ') }))
}

function sentence({ path, expected, got }: InputIssue): string {
  const where = path.length === 0 ? '' : `${readablePath(path)}: `
  return `${where}expected ${expected}, got ${got}`
}
