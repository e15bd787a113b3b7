import { lintWorkflows } from '../routing'
import type { Problem } from './problem'
import type { RuleFiles } from './rule-files'
import type { Rules } from './rules'

/** Findings about people and hours, which nobody can judge without a roster. */
const aboutPeople: ReadonlySet<string> = new Set(['nobody-meant', 'nobody-on-shift'])

/** What the rules' author likely did not mean, at the lines of the workflows. */
export function lintProblems(files: RuleFiles, rules: Rules): Problem[] {
  return [...workflowProblems(files, rules), ...rosterProblems(files, rules)]
}

function workflowProblems(files: RuleFiles, { workflows, staff, shifts, conditions }: Rules): Problem[] {
  const part = files.parts.get('workflows')
  if (part === undefined) return []
  const known = files.parts.has('shifts') ? shifts : impliedShifts(staff)
  const isJudged = (code: string) => files.parts.has('staff') || !aboutPeople.has(code)
  return lintWorkflows({ workflows, staff, shifts: known, conditions })
    .filter(({ code }) => isJudged(code))
    .map(({ workflow, message }) => {
      const index = workflows.findIndex(({ name }) => name === workflow)
      const path = [...part.base, index, 'name']
      return part.file.at(path, { severity: 'warning', message: `${JSON.stringify(workflow)}: ${message}` })
    })
}

/** Without hours, every shift that somebody works in counts as there, and as on all the time. */
function impliedShifts(staff: Rules['staff']): Rules['shifts'] {
  const ids = new Set(staff.flatMap(({ shifts = [] }) => shifts))
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  return [...ids].map((id) => ({ id, timeZone: 'UTC', weekly: [{ days, from: '00:00', to: '24:00' }] }))
}

/** People of shifts that nobody has described are never on. */
function rosterProblems(files: RuleFiles, { staff, shifts }: Rules): Problem[] {
  const part = files.parts.get('staff')
  if (part === undefined || !files.parts.has('shifts')) return []
  const known = new Set(shifts.map(({ id }) => id))
  return staff.flatMap(({ id, shifts: own = [] }, index) =>
    own.flatMap((shift, at) => {
      if (known.has(shift)) return []
      const message = `${id} works in the shift ${JSON.stringify(shift)}, which is not there`
      return [part.file.at([...part.base, index, 'shifts', at], { severity: 'warning', message })]
    }),
  )
}
