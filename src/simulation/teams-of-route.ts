import type { Route } from '../core'

/** The teams that the first step names which names any; none for a route by person, skills or shift alone. */
export function teamsOfRoute({ steps }: Route): readonly string[] {
  for (const { to } of steps) {
    if (to === 'everyone' || to.team === undefined) continue
    return typeof to.team === 'string' ? [to.team] : to.team
  }
  return []
}
