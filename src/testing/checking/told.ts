import type { Facts, ShiftId } from '../../core'
import { toldList } from '../../routing'

/** Parts of a story in plain words. */

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
