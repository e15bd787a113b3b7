import { described, type EventType, type InputIssue, InvalidInputError } from '../core'
import type { DeskEventType } from './desk-events'
import { isKnownEvent } from './node/known-event'

/** What is told besides the domain events. */
const others: Readonly<Record<Exclude<DeskEventType, EventType>, true>> = {
  ring: true,
  stop: true,
  visitor: true,
  event: true,
  error: true,
  command: true,
  'routing.degraded': true,
  'position.changed': true,
  'desk.stale': true,
  'desk.current': true,
  'desk.reset': true,
  'desk.revoked': true,
}

/**
 * A misspelt name would never be told of, and nobody would notice.
 * @throws InvalidInputError for a type that no desk tells, and for a listener that is no function.
 */
export function checkListening(type: unknown, listener: unknown): void {
  const issues: InputIssue[] = []
  if (typeof type !== 'string' || !(Object.hasOwn(others, type) || isKnownEvent(type))) {
    const expected = `one of ${Object.keys(others).join(', ')}, or the type of a domain event`
    issues.push({ path: ['type'], expected, got: described(type) })
  }
  if (typeof listener !== 'function') {
    issues.push({ path: ['listener'], expected: 'a function', got: described(listener) })
  }
  if (issues.length > 0) throw new InvalidInputError(issues)
}
