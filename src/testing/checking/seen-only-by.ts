import type { Target } from '../../core'
import { toldTarget } from '../../routing'
import { isMember } from '../chronicle/rings'
import type { MomentObserver } from './workflow-property'

/** Sees that somebody outside a target was rung for a request, or finds it in their list. */
export function seenOnlyBy(target: Target): MomentObserver {
  return ({ people }) => {
    const outsiders = people.filter((one) => one.sees && !isMember(one, target))
    const outsider = outsiders.find(({ isRung }) => isRung) ?? outsiders[0]
    if (outsider === undefined) return null
    const how = outsider.isRung ? 'is rung for it' : 'sees it in their list'
    return `${outsider.staff.id} ${how}, and is not of ${toldTarget(target)}`
  }
}
