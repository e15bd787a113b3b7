import { type InputIssue, InvalidInputError, type Target } from '../core'
import { type Guard, isRecord, listOf, orNull, type Path, record, wrong } from '../desk'
import { parseTarget } from '../routing'
import type { Behaviour, StaffGroup } from './behaviour'
import type { Distribution } from './distribution'
import { distributionGuard } from './parse-distribution'

const groupsMax = 1_000

export const share: Guard<number> = (value, path, issues) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? value : wrong(issues, path, 'a number from 0 to 1', value)

/** A target as `routing/` reads it. */
const target: Guard<Target> = (value, path, issues) => {
  try {
    return parseTarget(value, path)
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    issues.push(...error.issues)
    return undefined
  }
}

const optional = { answer: distributionGuard, muteShare: share, returning: distributionGuard }
const group = record({ required: { who: target }, optional: { ...optional, handling: distributionGuard } })
const fields = record({
  required: { handling: distributionGuard },
  optional: {
    ...optional,
    patience: orNull(distributionGuard),
    groups: listOf(group, groupsMax),
  },
})

const atOnce: Distribution = { distribution: 'fixed', ms: 0 }
const fiveMinutes: Distribution = { distribution: 'fixed', ms: 300_000 }

/** How people act, with every default filled in; `undefined`, and what is wrong in `issues`, otherwise. */
export function behaviourFrom(input: unknown, path: Path, issues: InputIssue[]): Behaviour | undefined {
  if (!isRecord(input)) return wrong(issues, path, 'an object with handling', input)
  const count = issues.length
  const found = fields(input, path, issues) as Partial<Behaviour> | undefined
  if (found?.handling === undefined || issues.length > count) return undefined
  return {
    answer: found.answer ?? atOnce,
    muteShare: found.muteShare ?? 0,
    returning: found.returning ?? fiveMinutes,
    handling: found.handling,
    patience: found.patience ?? null,
    groups: (found.groups ?? []) as readonly StaffGroup[],
  }
}
