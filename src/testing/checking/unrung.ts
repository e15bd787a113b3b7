import type { Target, WhyRung } from '../../core'
import { toldList, toldMs, toldTarget } from '../../routing'
import { isMember } from '../chronicle/rings'
import { type Bystander, idsOf, type Moment } from './moment'
import type { MomentObserver } from './workflow-property'

interface Wanted {
  readonly target: Target
  readonly withinMs: number
}

/** Reasons for silence that lie with the person, or with an offer that goes round: they would be rung otherwise. */
const pardons: ReadonlySet<WhyRung | null> = new Set<WhyRung>([
  ...(['absent', 'away', 'full', 'muted', 'snoozed', 'declined', 'not-offered'] as const),
])

/** Sees that nobody of a target is rung for an open request, and nobody of it would be. */
export function unrung(wanted: Wanted): MomentObserver {
  let since: number | null = null
  return (moment) => {
    if (isNobodysTurn(moment) || isAnswered(moment, wanted.target)) {
      since = null
      return null
    }
    since ??= moment.at
    const lastedMs = moment.at - since
    return lastedMs >= wanted.withinMs ? told(moment, wanted.target, lastedMs) : null
  }
}

function isNobodysTurn({ request, isVisitorHere }: Moment): boolean {
  return request.assignment !== null || !isVisitorHere
}

/** A selective offer that goes to somebody else is no pardon. */
function isAnswered({ people }: Moment, target: Target): boolean {
  const meant = people.filter((one) => isMember(one, target))
  const isOfferedElsewhere = people.some(({ isRung }) => isRung)
  const isPardoned = ({ why, isScheduled }: Bystander) =>
    isScheduled && pardons.has(why) && !(why === 'not-offered' && isOfferedElsewhere)
  return meant.some((one) => one.isRung || isPardoned(one))
}

function told({ people }: Moment, target: Target, lastedMs: number): string {
  const there = people.filter((one) => isMember(one, target) && one.isScheduled)
  const rung = people.filter(({ isRung }) => isRung)
  const only = `only ${toldList(idsOf(rung))} ${rung.length === 1 ? 'is' : 'are'} rung`
  const instead = rung.length === 0 ? 'nobody is rung' : only
  const long = lastedMs === 0 ? '' : ` for ${toldMs(lastedMs)}`
  if (target === 'everyone') {
    if (there.length === 0) return `nobody is rung${long}, since nobody is on the rota`
    return `nobody is rung${long}, though ${toldPresent(there)}`
  }
  if (there.length === 0) return `${instead}${long}: nobody of ${toldTarget(target)} is on the rota`
  return `${instead}${long}, and of ${toldTarget(target)} ${toldPresent(there)}`
}

function toldPresent(people: readonly Bystander[]): string {
  return `${toldList(idsOf(people))} ${people.length === 1 ? 'is' : 'are'} there`
}
