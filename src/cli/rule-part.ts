import type { InputIssue } from '../core'
import type { JsonFile } from './json-file'
import type { Problem } from './problem'

/** What rules are made of, by the names under which a desk is opened with them. */
export const partNames = ['staff', 'shifts', 'workflows', 'conditions', 'policy', 'defaultRoute'] as const

export type PartName = (typeof partNames)[number]

/** One part of the rules, and where it stands. */
export interface RulePart {
  readonly file: JsonFile
  /** Keys from the file's outermost value to the part. */
  readonly base: InputIssue['path']
  readonly value: unknown
}

export type RuleParts = ReadonlyMap<string, RulePart>

/** Where an issue stands whose path begins with the name of a part, or with a key of `whole`. */
export function problemOf(issue: InputIssue, parts: RuleParts, whole: JsonFile): Problem {
  const [name = '', ...inside] = issue.path
  const part = parts.get(String(name))
  return part === undefined ? whole.problem(issue.path, issue) : part.file.problem([...part.base, ...inside], issue)
}
