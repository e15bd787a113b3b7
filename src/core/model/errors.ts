/** One thing wrong with an input: where, what was expected there, and what was given. */
export interface InputIssue {
  /** Keys and indexes from the outermost value inwards. */
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly got: string
  /** The known name that a misspelt one most likely stands for. */
  readonly suggestion?: string
}

/** Malformed input, thrown before anything changes. Holds all issues at once, in the order of the input. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError'
  readonly code = 'invalid-input'
  readonly issues: readonly InputIssue[]

  constructor(issues: readonly InputIssue[], options?: ErrorOptions) {
    super(issues.map(formatIssue).join('\n'), options)
    this.issues = issues
  }
}

/** Returns a path as a reader would write it: `workflows[3].event.params.steps[0].afterMs`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map(formatPathSegment).join('').replace(/^\./, '') || 'input'
}

function formatIssue(issue: InputIssue): string {
  return `${formatPath(issue.path)}: ${describeIssue(issue)}`
}

/** What is wrong, without where: `expected one of to, ring, got an unknown key; did you mean "ring"?`. */
export function describeIssue({ expected, got, suggestion }: InputIssue): string {
  const hint = suggestion === undefined ? '' : `; did you mean ${JSON.stringify(suggestion)}?`
  return `expected ${expected}, got ${got}${hint}`
}

function formatPathSegment(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`
  return /^[A-Za-z_$][\w$]{0,63}$/.test(key) ? `.${key}` : `[${JSON.stringify(key.slice(0, 64))}]`
}

/** The code of a `DeskError`, for programs. */
export type DeskErrorCode =
  | 'closed'
  | 'listener-failed'
  | 'fact-failed'
  | 'command-failed'
  | 'store-failed'
  | 'store-diverged'
  | 'store-damaged'
  | 'store-newer-schema'
  | 'stale'
  | 'page-silent'

/** A failure of the desk: of its store, a listener, a fact or a page's transport. `cause` holds what was thrown. */
export class DeskError extends Error {
  override readonly name = 'DeskError'
  readonly code: DeskErrorCode

  constructor(code: DeskErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const describedLengthMax = 60

/**
 * Describes a value for an error text: the value itself when it is short, else its kind. Never runs the value's code.
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return describeText(value)
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value === 'bigint') return 'a bigint'
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  return isPlainObject(value) ? 'an object' : `an object of class ${classNameOf(value)}`
}

/** Returns the message of what was thrown; for an error without one its name, for an object what it is. */
export function errorMessageOf(cause: unknown): string {
  try {
    if (cause instanceof Error) return String(cause.message || cause.name)
    const text = String(cause)
    return text.startsWith('[object ') ? describeValue(cause) : text
  } catch {
    return 'an object without a text'
  }
}

/** Returns whether a value is a plain object, of any realm, or without a prototype; no class instance. */
export function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null && !Array.isArray(value)
}

function describeText(value: string): string {
  return value.length <= describedLengthMax ? JSON.stringify(value) : `text of ${value.length} characters`
}

function classNameOf(value: object): string {
  const maker: unknown = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(value) ?? {}, 'constructor')?.value
  return typeof maker === 'function' && maker.name !== '' ? maker.name.slice(0, describedLengthMax) : 'unknown'
}
