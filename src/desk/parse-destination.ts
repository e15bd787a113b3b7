import { completeRoute, type Route } from '../core'
import { parseRoute, parseTarget } from '../routing'
import { isRecord, type Path } from './guard'

/**
 * Where a transfer goes: a target, or a whole route, told apart by the key `to` or `steps` that only a route has.
 * @throws InvalidInputError with every problem found.
 */
export function parseDestination(input: unknown, path: Path): Route {
  const isRoute = isRecord(input) && ('steps' in input || 'to' in input)
  return completeRoute(isRoute ? parseRoute(input, path) : { to: parseTarget(input, path) })
}
