/** The id of a staff member. Ids are text of 1 to 256 characters, chosen by the host; the desk only compares them. */
export type StaffId = string
/** The id of a visitor. */
export type VisitorId = string
/** The id of a request; a random UUID where the host gives none. */
export type RequestId = string
/** The id of a tab or device of a staff member or visitor. */
export type SessionId = string
/** The id of a shift. */
export type ShiftId = string

/** Names one assignment of a request to a staff member; another assignment gets another id. */
export type AssignmentId = string

/** A JSON value: facts, tags and workflows are made of these. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What is known about a request or a visitor, by name. Workflows test it. */
export type Facts = Readonly<Record<string, Json>>

/** Orders ids and names by code unit, the same on every machine and in every locale. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Returns the bytes of a value as JSON text in UTF-8. */
export function jsonBytesOf(value: Json | Facts): number {
  return encoder.encode(JSON.stringify(value)).length
}

const encoder = new TextEncoder()

/** Returns the bytes of facts as JSON text; 0 for none. */
export function factsBytesOf(facts: Facts): number {
  for (const _ in facts) return jsonBytesOf(facts)
  return 0
}

/** Returns whether two JSON values are the same; the order of keys does not count. */
export function isEqualJson(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  let unmatchedKeys = 0
  for (const key in one) {
    if (!isEqualJson(one[key as never], other[key as never])) return false
    unmatchedKeys += 1
  }
  for (const _ in other) unmatchedKeys -= 1
  return unmatchedKeys === 0
}

/** Returns the 32-bit FNV-1a hash of a text: the same on every machine. Another `basis` gives another hash. */
export function hashText(text: string, basis = 0x811c9dc5): number {
  let hash = basis
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
