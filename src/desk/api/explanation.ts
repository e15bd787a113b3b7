import * as z from 'zod/mini'
import type { Facts, RequestId, Route, StaffReason, VisitorId } from '../../core'
import { explainStaff } from '../../core'
import { idSchema, objectOf, parseOrThrow, parseWithSchema, wholeNumber } from '../../input'
import type { Trace } from '../../routing'
import { factsSchema } from '../parse/parse-facts'
import type { DeskAggregate } from '../runtime/desk-aggregate'
import { devFreeze } from '../runtime/dev-freeze'
import type { RequestRouter, RoutingQuery } from '../runtime/request-router'

/** Why a request has its route, and why it rings for each staff member or not. */
export interface Explanation {
  readonly requestId: RequestId
  /** The workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  /** The staff member or supervisor whose transfer set this route; `null` on the route of a workflow. */
  readonly transferredBy: string | null
  /** Its present route: of the workflow, of the transfer, or the default route. */
  readonly route: Route
  readonly step: number
  /**
   * The evaluated workflows, with what each condition compared, when it was last routed; at other nodes than the one
   * that did so at most 20 of them and 4 KiB of conditions. `null` after a transfer, which evaluates no workflow, and
   * where the router failed.
   */
  readonly trace: Trace | null
  /** For each staff member: `rung`, or the first reason why not. Empty unless the request is open. */
  readonly staff: readonly StaffReason[]
}

interface ExplanationSources {
  readonly aggregate: DeskAggregate
  readonly requestRouter: RequestRouter
}

/** Returns the explanation of a request; `undefined` for one that is closed or unknown. */
export function explain(
  { aggregate, requestRouter }: ExplanationSources,
  requestId: RequestId,
): Explanation | undefined {
  const request = aggregate.state.requests.get(requestId)
  if (request === undefined) return undefined
  const { routingResult, step, detail } = request
  const { workflow, route } = routingResult
  const transferredBy = detail?.transferredBy ?? null
  const trace = toPlainTrace(requestRouter.traceOf(routingResult))
  const staff = explainStaff(aggregate.state, requestId)
  return devFreeze({ requestId, workflow, transferredBy, route, step, trace, staff })
}

/** The request for which `previewRoute` evaluates the workflows. */
export interface RoutePreviewInput {
  /** What workflows may read: plain JSON, at most 16 KiB. */
  readonly facts: Facts
  /** The visitor whose last staff member and facts the workflows read. Default: an unknown visitor. */
  readonly visitorId?: VisitorId
  /** The instant at which the workflows read the clock, in milliseconds since the epoch. Default: now. */
  readonly at?: number
}

/** The route that a request would get, and why. */
export interface RoutePreview {
  readonly route: Route
  readonly workflow: string | null
  readonly priority: number
  readonly tags: readonly string[]
  readonly trace: Trace | null
}

/**
 * Returns the route that a request with these facts would get.
 * @throws InvalidInputError (as a rejection) for malformed input.
 */
export async function previewRoute(router: RequestRouter, input: RoutePreviewInput): Promise<RoutePreview> {
  const { routingResult, trace } = await router.route(parsePreviewInput(input))
  return devFreeze({ ...routingResult, trace: toPlainTrace(trace) })
}

const previewSchema = objectOf({
  facts: factsSchema,
  visitorId: z._default(idSchema, ''),
  at: z.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER)),
})

function parsePreviewInput(input: unknown): RoutingQuery {
  const { at, ...query } = parseOrThrow((issues) => parseWithSchema(previewSchema, input, { path: [], issues }))
  return { requestId: '', weight: null, ...query, ...(at === undefined ? {} : { at }) }
}

/** Returns a copy of a trace, whose getters format its parts when they are read. */
function toPlainTrace(trace: Trace | null): Trace | null {
  return trace === null ? null : { ...trace }
}
