import type { Json, ShiftId, StaffId } from './ids'

/** Where a workflow sends a request, as a host writes it: one step, or several. */
export type RouteInput = SingleStepRoute | MultiStepRoute

/** A route of one step, which starts at once. */
export interface SingleStepRoute extends StepRinging {
  readonly to: Target
  /** See `MultiStepRoute.whenExhausted`. */
  readonly whenExhausted?: WhenExhausted
}

/** A route of several steps, which start one after another while the request is open. */
export interface MultiStepRoute {
  /** 1 to 32 steps, in order of `afterMs`. */
  readonly steps: readonly StepInput[]
  /**
   * When no staff of the last steps are present, available and on shift: ring everyone, or hold the request for the
   * staff of all its steps. Default: `policy.whenExhausted`.
   */
  readonly whenExhausted?: WhenExhausted
}

/** One step of a route, as a host writes it. */
export interface StepInput extends StepRinging {
  readonly to: Target
  /** Milliseconds from the routing until this step starts; 0 for the first. */
  readonly afterMs?: number
  /** `widen` (default): the staff of earlier steps keep ringing. `replace`: they stop, reason `handed-over`. */
  readonly mode?: StepMode
  /**
   * When the step is skipped at once, if it has a next one. `nobody-present`: none of its staff are present, available
   * and on shift. `nobody-free` (the default of a target that names staff): none of them could accept the request now.
   */
  readonly skipWhen?: SkipWhen
}

interface StepRinging {
  /** How the step rings its staff. Default `all`. */
  readonly ring?: Ring
  /** Name of the sound that portals play for the step. */
  readonly tone?: string
}

/** All staff of a step at once, or a few at a time by offers. */
export type Ring = 'all' | SelectiveRing

/** Rings only the staff who hold an offer; offers are made in an order. */
export interface SelectiveRing {
  /** How many staff hold an offer at the same time. Default 1. */
  readonly concurrentOffers?: number
  readonly order: Order
  /** Milliseconds an offer stands unanswered. Default `policy.offerTimeoutMs`. */
  readonly offerTimeoutMs?: number
}

/** By what the next staff member for an offer is chosen. */
export type Order = 'longest-idle' | 'round-robin' | 'least-loaded' | 'best-skilled' | 'listed' | 'random'

/** What a new step does to the earlier ones; see `StepInput.mode`. */
export type StepMode = 'widen' | 'replace'

/** When a step is skipped; see `StepInput.skipWhen`. */
export type SkipWhen = 'nobody-present' | 'nobody-free' | 'never'

/** What happens when no staff of the route are there; see `MultiStepRoute.whenExhausted`. */
export type WhenExhausted = 'everyone' | 'hold'

/** A route with every default filled in; this is what events carry and the state keeps. */
export interface Route {
  readonly steps: readonly Step[]
  /** `null`: as `policy.whenExhausted` says now. */
  readonly whenExhausted: WhenExhausted | null
}

/** One step of a complete route. */
export interface Step {
  readonly to: Target
  readonly afterMs: number
  readonly mode: StepMode
  readonly skipWhen: SkipWhen
  readonly ring: Ring
  readonly tone: string | null
}

/** Returns a route with the defaults filled in. Trusts its input, which has been parsed. */
export function completeRoute(input: RouteInput): Route {
  const several: MultiStepRoute = 'steps' in input ? input : { steps: [input] }
  return { steps: several.steps.map(completeStep), whenExhausted: input.whenExhausted ?? null }
}

/** The default route: rings everyone at once when no workflow matches. */
export const everyoneRoute: Route = completeRoute({ to: 'everyone' })

function completeStep(step: StepInput): Step {
  return {
    to: step.to,
    afterMs: step.afterMs ?? 0,
    mode: step.mode ?? 'widen',
    skipWhen: step.skipWhen ?? (namesStaff(step.to) ? 'nobody-free' : 'nobody-present'),
    ring: step.ring ?? 'all',
    tone: step.tone ?? null,
  }
}

/** A busy colleague who is named is no reason to keep the next step waiting. */
function namesStaff(to: Target): boolean {
  return to !== 'everyone' && to.staff !== undefined
}

/** Which staff a step is for: everyone, or those for whom every given key holds. See `docs/semantics.md` 7. */
export type Target = 'everyone' | TargetParts

/** The keys of a target; a staff member belongs to it when all given keys hold. */
export interface TargetParts {
  /** One id or several: any of them. The same holds for teams and shifts. */
  readonly staff?: StaffId | readonly StaffId[]
  readonly team?: string | readonly string[]
  /** Members of any of these shifts; they are rung only while their shift is on. */
  readonly shift?: ShiftId | readonly ShiftId[]
  /** Skill name to the lowest level that is enough: all of them. */
  readonly skills?: Readonly<Record<string, number>>
  /** All staff but those of this target. */
  readonly not?: Target
}

/** A workflow as the state holds it: the core reads no more of it than its name. */
export interface WorkflowRecord {
  readonly name: string
  readonly [key: string]: Json
}

/** Workflows of one desk at most, and their bytes as JSON, all together. */
export const workflowsMax = 10_000
export const workflowBytesMax = 4 * 1_024 * 1_024

/** The result of the workflows for one request; recorded in its event, so that a replay never evaluates them again. */
export interface RoutingResult {
  /** Name of the workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  readonly route: Route
  /** Higher is served first. Default 0. */
  readonly priority: number
  readonly tags: readonly string[]
}
