import type { Facts, ShiftId, Target } from '../../core'

/** Parts of a story in plain words. */

/** `team legal`, `shift us and skill linux 3 or more`, `everyone`, `everyone but team legal`. */
export function toldTarget(target: Target): string {
  if (target === 'everyone') return 'everyone'
  const { staff, team, shift, skills, not } = target
  const parts = [
    ...(staff === undefined ? [] : [either(staff)]),
    ...(team === undefined ? [] : [`team ${either(team)}`]),
    ...(shift === undefined ? [] : [`shift ${either(shift)}`]),
    ...Object.entries(skills ?? {}).map(([skill, level]) => `${skill} ${level} or more`),
  ]
  const whole = parts.length === 0 ? 'everyone' : parts.join(' and ')
  return not === undefined ? whole : `${whole} but ${toldTarget(not)}`
}

function either(one: string | readonly string[]): string {
  return typeof one === 'string' ? one : one.join(' or ')
}

/** `ana, bo and cy`; `nobody` for none. */
export function toldList(names: readonly string[]): string {
  const last = names.at(-1)
  if (last === undefined) return 'nobody'
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}

/** `250 ms`, `30 s`, `1 min 30 s`, `2 h`. */
export function toldMs(ms: number): string {
  if (ms % 1_000 !== 0 || ms === 0) return `${ms} ms`
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms / 1_000) % 60]
  const parts = [
    [hours, 'h'],
    [minutes, 'min'],
    [seconds, 's'],
  ].filter(([count]) => count !== 0)
  return parts.map(([count, unit]) => `${count} ${unit}`).join(' ')
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** `Monday 09:00:00`, in UTC. */
export function toldInstant(at: number): string {
  const date = new Date(at)
  const time = date.toISOString().slice(11, at % 1_000 === 0 ? 19 : 23)
  return `${weekdays[date.getUTCDay()]} ${time.replace(/:00$/, '')}`
}

/** `topic "legal" and country "US"`; `no facts`. */
export function toldFacts(facts: Facts): string {
  const told = Object.entries(facts).map(([fact, value]) => `${fact} ${JSON.stringify(value)}`)
  return told.length === 0 ? 'no facts' : toldList(told)
}

/** `shifts uk and us are on`. */
export function toldShifts(on: readonly ShiftId[]): string {
  if (on.length === 0) return 'no shift is on'
  return on.length === 1 ? `shift ${on[0]} is on` : `shifts ${toldList(on)} are on`
}
