import type { ShiftId, StaffId } from './ids'

/** Whom a step is for: everyone, or those for whom every given key holds (SEMANTICS 7). */
export type Target = 'everyone' | TargetParts

export interface TargetParts {
  /** One id or several: any of them. */
  readonly staff?: StaffId | readonly StaffId[]
  readonly team?: string | readonly string[]
  /** Members of any of these shifts; they are rung only while their shift is on. */
  readonly shift?: ShiftId | readonly ShiftId[]
  /** Skill name to the least level: all of them. */
  readonly skills?: Readonly<Record<string, number>>
  /** Leaves out whoever is in this target. */
  readonly not?: Target
}
