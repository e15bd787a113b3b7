import type { Route, Step, Target } from '../../core'

/** `team legal, after 30 s everyone`. */
export function describeRoute({ steps, whenExhausted }: Route): string {
  const texts = steps.map((step, index) =>
    index === 0
      ? describeStep({ ...step, mode: 'widen' })
      : `after ${formatDuration(step.afterMs)} ${describeStep(step)}`,
  )
  return `${texts.join(', ')}${whenExhausted === 'hold' ? ', and holds it for them' : ''}`
}

/** One step: its target, and its ring unless that is `all`. */
export function describeStep(step: Step | undefined): string {
  if (step === undefined) return 'nobody'
  const ring = step.ring === 'all' ? '' : ` (${step.ring.concurrentOffers ?? 1} at a time)`
  return `${step.mode === 'replace' ? 'instead ' : ''}${describeTarget(step.to)}${ring}`
}

/** `team legal`, `shift us and skill linux 3 or more`, `everyone`, `everyone but team legal`. */
export function describeTarget(target: Target): string {
  if (target === 'everyone') return 'everyone'
  const { staff, team, shift, skills, not } = target
  const parts = [
    ...(staff === undefined ? [] : [formatAlternatives(staff)]),
    ...(team === undefined ? [] : [`team ${formatAlternatives(team)}`]),
    ...(shift === undefined ? [] : [`shift ${formatAlternatives(shift)}`]),
    ...Object.entries(skills ?? {}).map(([skill, level]) => `${skill} ${level} or more`),
  ]
  const text = parts.length === 0 ? 'everyone' : parts.join(' and ')
  return not === undefined ? text : `${text} but ${describeTarget(not)}`
}

function formatAlternatives(one: string | readonly string[]): string {
  return typeof one === 'string' ? one : one.join(' or ')
}

/** `ana, bo and cy`; `nobody` for none. */
export function formatList(names: readonly string[]): string {
  const last = names.at(-1)
  if (last === undefined) return 'nobody'
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** `250 ms`, `30 s`, `1 min 30 s`, `2 h`. */
export function formatDuration(ms: number): string {
  if (ms % 1_000 !== 0 || ms === 0) return `${ms} ms`
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms / 1_000) % 60]
  const parts = [
    [hours, 'h'],
    [minutes, 'min'],
    [seconds, 's'],
  ].filter(([count]) => count !== 0)
  return parts.map(([count, unit]) => `${count} ${unit}`).join(' ')
}
