import { DeskError, errorMessageOf, type InputIssue, InvalidInputError } from '../core'

/** Options of the stores that have a backend of their own. */
export interface BackendStoreOptions {
  /** The desk's name, 1 to 64 of `A-Z a-z 0-9 _ -`; desks of different names share nothing. */
  readonly desk: string
  /** How long to wait for one answer of the backend, in milliseconds, 1 to 600 000; 5 000 when left out. */
  readonly timeoutMs?: number
  /** How many entries stay behind the newest snapshot, 1 to 1 000 000; 10 000 when left out. */
  readonly keepEntries?: number
}

/** Returns the options with their defaults. @throws InvalidInputError with every issue at once. */
export function parseStoreOptions(
  input: BackendStoreOptions,
  otherIssues: readonly (InputIssue | null)[] = [],
): Required<BackendStoreOptions> {
  const { desk, timeoutMs = 5_000, keepEntries = 10_000 } = input
  const issues = [
    ...otherIssues,
    nameIssue(['desk'], desk),
    integerIssue('timeoutMs', timeoutMs, 600_000),
    integerIssue('keepEntries', keepEntries, 1_000_000),
  ].filter((issue) => issue !== null)
  if (issues.length > 0) throw new InvalidInputError(issues)
  return { desk, timeoutMs, keepEntries }
}

/** Returns what is wrong with a name that becomes part of a key or a row; `null` when nothing is. */
export function nameIssue(path: InputIssue['path'], value: unknown): InputIssue | null {
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)) return null
  return { path, expected: '1 to 64 of A-Z, a-z, 0-9, _ and -', got: formatValue(value) }
}

function integerIssue(key: string, value: unknown, max: number): InputIssue | null {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max) return null
  return { path: [key], expected: `a whole number from 1 to ${max}`, got: formatValue(value) }
}

/** Returns a value as an error text shows it, in at most 80 characters. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (value === null || ['number', 'boolean', 'undefined', 'bigint'].includes(typeof value)) return String(value)
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}

const settingsCheckIntervalMs = 60_000

/** When the settings of a backend are checked: at opening, every minute, and after each new connection. */
export class SettingsCheck {
  #incarnation = ''
  #problem: string | null = null
  #checkedMs = Number.NEGATIVE_INFINITY

  /** Makes the next check due: there is a new connection. */
  expire(): void {
    this.#checkedMs = Number.NEGATIVE_INFINITY
  }

  /** Makes the next check due when the backend is another one. */
  observe(incarnation: string): void {
    if (this.#incarnation !== '' && incarnation !== this.#incarnation) this.expire()
    this.#incarnation = incarnation
  }

  async run(check: () => Promise<string | null>): Promise<string | null> {
    const startedMs = performance.now()
    this.#problem = await check()
    this.#checkedMs = startedMs
    return this.#problem
  }

  /** Checks when that is due, and returns what was found last. */
  async runWhenDue(check: () => Promise<string | null>): Promise<string | null> {
    return performance.now() - this.#checkedMs < settingsCheckIntervalMs ? this.#problem : this.run(check)
  }
}

/** A call of a backend, as an error's text names it. */
export interface BackendCall {
  readonly backend: 'Redis' | 'Postgres'
  readonly desk: string
  readonly operation: string
  readonly timeoutMs: number
}

/**
 * Returns the backend's answer. Late means unknown, never "not done": after a late append the caller looks for its own
 * command ids.
 * @throws DeskError `store-failed` when the backend fails or is late.
 */
export async function withTimeout<Answer>(call: BackendCall, execute: () => Promise<Answer>): Promise<Answer> {
  const { backend, desk, operation, timeoutMs } = call
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const reason = `no answer within ${timeoutMs} ms, so it may or may not have been done`
    timer = setTimeout(() => reject(new Error(reason)), timeoutMs)
  })
  try {
    return await Promise.race([execute(), late])
  } catch (cause) {
    if (cause instanceof DeskError) throw cause
    const reason = errorMessageOf(cause)
    throw new DeskError('store-failed', `${backend} failed to ${operation} for desk "${desk}": ${reason}`, cause)
  } finally {
    clearTimeout(timer)
  }
}
