import { audienceOf, isEveryone, rungsOf } from './audience'
import type { Route } from './route'
import type { DeskState } from './state'

/**
 * The step to start when a route begins or moves on: `from`, or a later one when nobody of it is present; the number of
 * the route's steps when its own staff are not there at all and it widens to everyone.
 */
export function startStep(state: DeskState, route: Route, from: number): number {
  const last = route.steps.length - 1
  let step = Math.min(from, last)
  while (step < last && route.steps[step]?.skipIfNobody === true && isNobodyPresent(state, route, step)) step += 1
  return step === last && isToWiden(state, route) ? last + 1 : step
}

function isNobodyPresent(state: DeskState, route: Route, step: number): boolean {
  const each = route.steps[step]
  return each !== undefined && audienceOf(state, each).reachable.size === 0
}

function isToWiden(state: DeskState, route: Route): boolean {
  if (route.whenExhausted !== 'everyone') return false
  const rungs = rungsOf(state, route, route.steps.length - 1)
  return !rungs.some(isEveryone) && rungs.every((rung) => rung.reachable.size === 0)
}
