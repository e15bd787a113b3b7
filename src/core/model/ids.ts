/** Ids are plain text of 1 to 256 characters, chosen by the host; the desk compares them and never looks inside. */
export type StaffId = string
export type VisitorId = string
export type RequestId = string
export type SessionId = string
export type ShiftId = string

/** Names one bond between a request and a staff member; a request that is taken again gets another one. */
export type AssignmentId = string

/** A JSON value; what a visitor or a host says about a request is made of these and of nothing else. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What is known about a request or a visitor, by name. Workflows ask about it. */
export type Facts = Readonly<Record<string, Json>>

/** The order of ids and names: by code unit, the same on every machine and in every locale. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
