import { type InputIssue, InvalidInputError, type Staff } from '../core'
import { type Guard, id, isRecord, listOf, type Path, record, text, whole, wrong } from './guard'
import { schemaOf, told } from './guard-schema'
import { isForbiddenKey } from './parse-facts'

const teamsMax = 1_000
const staffMax = 1_000_000
export const capacityMax = 10_000

const skills = told<Guard<Readonly<Record<string, number>>>>(
  (value, path, issues) => skillsFrom(value, path, issues),
  () => ({
    type: 'object',
    propertyNames: { maxLength: 256, not: { enum: ['__proto__', 'constructor', 'prototype'] } },
    additionalProperties: schemaOf(level),
  }),
)

const skillsFrom: Guard<Readonly<Record<string, number>>> = (value, path, issues) => {
  if (!isRecord(value)) return wrong(issues, path, 'an object of skill levels', value)
  const copy: Record<string, number> = {}
  for (const [name, given] of Object.entries(value)) {
    if (isForbiddenKey(name) || name.length > 256) wrong(issues, [...path, name], 'a skill name', name)
    else copy[name] = level(given, [...path, name], issues) ?? 0
  }
  return copy
}

const level = whole(0, 100)

const fields = record({
  required: { id },
  optional: {
    name: text,
    teams: listOf(id, teamsMax),
    skills,
    shifts: listOf(id, teamsMax),
    capacity: whole(0, capacityMax),
  },
})

/** A staff member as a host describes them: a copy. Refuses unknown keys. */
export const staffGuard: Guard<Staff> = told<Guard<Staff>>(
  (value, path, issues) => {
    const count = issues.length
    const staff = fields(value, path, issues)
    return issues.length === count ? (staff as unknown as Staff) : undefined
  },
  () => schemaOf(fields),
)

/** A whole roster; that no two have the same id is checked by `parseRoster`. */
export const rosterGuard: Guard<readonly Staff[]> = listOf(staffGuard, staffMax)

/**
 * A whole roster, in which no two have the same id.
 * @throws InvalidInputError with every problem found.
 */
export function parseRoster(input: unknown, path: Path = ['staff']): readonly Staff[] {
  const issues: InputIssue[] = []
  const roster = rosterGuard(input, path, issues) ?? []
  if (issues.length === 0) findDoubles(roster, path, issues)
  if (issues.length > 0) throw new InvalidInputError(issues)
  return roster
}

function findDoubles(roster: readonly Staff[], path: Path, issues: InputIssue[]): void {
  const seen = new Set<string>()
  for (const [index, { id }] of roster.entries()) {
    if (seen.has(id)) wrong(issues, [...path, index, 'id'], 'an id that nobody else has', id)
    seen.add(id)
  }
}
