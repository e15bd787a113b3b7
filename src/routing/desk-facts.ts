import type { Facts, Json, StaffId, Target, VisitorId } from '../core'

/** What a router asks the desk; answered at once, from the state. */
export interface DeskFacts {
  visitor(visitorId: VisitorId): Facts | undefined
  /** How many could be rung now. */
  available(target: Target): number
  /** How many open requests wait for this target. */
  waiting(target: Target): number
  lastStaff(visitorId: VisitorId): StaffId | null
}

/** The names of the desk's own facts; neither a host nor a visitor gets to give these. */
export const deskFactNames: ReadonlySet<string> = new Set([
  ...['visitor', 'request', 'clock', 'available', 'waiting', 'lastStaff'],
])

/** The host's own facts by name: JSON values, or functions, which may be async. */
export type HostFacts = Readonly<Record<string, Json | HostFact>>

/** Gets the `params` of the condition, and may ask for other facts. Called once per request and `params`. */
export type HostFact = (params: Readonly<Record<string, Json>>, facts: FactReader) => unknown

/** Gives any fact of the request being routed. */
export interface FactReader {
  factValue(name: string, params?: Readonly<Record<string, unknown>>, path?: string): Promise<unknown>
}

/** The host's own operators by name: what the fact says, and what the condition says. */
export type HostOperators = Readonly<Record<string, (factValue: never, value: never) => boolean>>

/** The host's own decorators by name, for names such as `caseInsensitive:equal`. */
export type HostDecorators = Readonly<
  Record<string, (factValue: never, value: never, next: (factValue: unknown, value: unknown) => boolean) => boolean>
>
