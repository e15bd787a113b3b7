import type { Route, Target } from 'frontbell'
import type { RoutedResult } from '../../supervisor/supervisor-protocol'

/** Returns a route as text: `team servers, after 45 s everyone`. */
export function routeText({ steps, whenExhausted }: Route): string {
  const texts = steps.map(({ to, afterMs, mode }) => {
    const when = afterMs === 0 ? '' : `after ${spanText(afterMs)} ${mode === 'widen' ? 'also ' : ''}`
    return `${when}${targetText(to)}`
  })
  return `${texts.join(', ')}${whenExhausted === 'hold' ? ', nobody else' : ''}`
}

/** Returns priority and tags of a request, if it has any. */
export function extrasText({ priority, tags }: RoutedResult): string {
  return [...(priority === 0 ? [] : [`priority ${priority}`]), ...tags.map((tag) => `#${tag}`)].join(' ')
}

export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

function targetText(target: Target): string {
  if (target === 'everyone') return 'everyone'
  const { staff, team, shift, skills, not } = target
  return [
    ...(staff === undefined ? [] : [listText(staff)]),
    ...(team === undefined ? [] : [`team ${listText(team)}`]),
    ...(shift === undefined ? [] : [`shift ${listText(shift)}`]),
    ...Object.entries(skills ?? {}).map(([skill, least]) => `${skill} from ${least}`),
    ...(not === undefined ? [] : [`not ${targetText(not)}`]),
  ].join(' and ')
}

function listText(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(' or ')
}
