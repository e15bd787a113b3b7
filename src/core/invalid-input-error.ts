/** One thing wrong with an input: where, what was expected there, and what came. */
export interface InputIssue {
  /** Keys and indexes from the outermost value inwards. */
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly got: string
}

/** Malformed input, thrown at the border before anything changes. All issues at once, in the order of the input. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError'
  readonly code = 'invalid-input'
  readonly issues: readonly InputIssue[]

  constructor(issues: readonly InputIssue[], options?: ErrorOptions) {
    super(issues.map(sentence).join('\n'), options)
    this.issues = issues
  }
}

/** `workflows[3].event.params.steps[0].afterMs`, as a reader would write it. */
export function readablePath(path: readonly (string | number)[]): string {
  return path.map(segment).join('').replace(/^\./, '') || 'input'
}

function sentence({ path, expected, got }: InputIssue): string {
  return `${readablePath(path)}: expected ${expected}, got ${got}`
}

function segment(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return /^[A-Za-z_$][\w$]{0,63}$/.test(key) ? `.${key}` : `[${JSON.stringify(key.slice(0, 64))}]`
}
