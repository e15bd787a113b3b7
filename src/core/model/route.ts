import type { Json, ShiftId, StaffId } from './ids'

/** Where a workflow sends a request, as a host writes it: one step, or several. */
export type RouteInput = SingleStepRoute | MultiStepRoute

export interface SingleStepRoute extends StepRinging {
  readonly to: Target
}

export interface MultiStepRoute {
  /** 1 to 32 steps, in order of `afterMs`. */
  readonly steps: readonly StepInput[]
  /** When no staff of the route are present: widen to everyone (default), or hold the request for its own audience. */
  readonly whenExhausted?: WhenExhausted
}

export interface StepInput extends StepRinging {
  readonly to: Target
  /** Milliseconds from the routing until this step starts; 0 for the first. */
  readonly afterMs?: number
  /** `widen` (default): the staff of earlier steps keep ringing. `replace`: they stop, reason `handed-over`. */
  readonly mode?: StepMode
  /** `nobody-present` (default): the step is skipped at once when no staff member of its audience is present. */
  readonly skipWhen?: SkipWhen
}

interface StepRinging {
  readonly ring?: Ring
  /** Name of the sound that portals play for it. */
  readonly tone?: string
}

/** All staff of a step at once, or a few at a time by offers. */
export type Ring = 'all' | SelectiveRing

export interface SelectiveRing {
  /** How many hold an offer at the same time. Default 1. */
  readonly concurrentOffers?: number
  readonly order: Order
  /** Milliseconds an offer stands unanswered. Default `policy.offerTimeoutMs`. */
  readonly offerTimeoutMs?: number
}

export type Order = 'longest-idle' | 'round-robin' | 'least-loaded' | 'best-skilled' | 'listed' | 'random'

export type StepMode = 'widen' | 'replace'

export type SkipWhen = 'nobody-present' | 'never'

export type WhenExhausted = 'everyone' | 'hold'

/** A route with every default filled in; this is what events carry and the state keeps. */
export interface Route {
  readonly steps: readonly Step[]
  readonly whenExhausted: WhenExhausted
}

export interface Step {
  readonly to: Target
  readonly afterMs: number
  readonly mode: StepMode
  readonly skipWhen: SkipWhen
  readonly ring: Ring
  readonly tone: string | null
}

/** Fills in the defaults. The input has been parsed: this function trusts it. */
export function completeRoute(input: RouteInput): Route {
  const several: MultiStepRoute = 'steps' in input ? input : { steps: [input] }
  return { steps: several.steps.map(completeStep), whenExhausted: several.whenExhausted ?? 'everyone' }
}

/** The default route: rings everyone at once when no workflow matches. */
export const everyoneRoute: Route = completeRoute({ to: 'everyone' })

function completeStep(step: StepInput): Step {
  return {
    to: step.to,
    afterMs: step.afterMs ?? 0,
    mode: step.mode ?? 'widen',
    skipWhen: step.skipWhen ?? 'nobody-present',
    ring: step.ring ?? 'all',
    tone: step.tone ?? null,
  }
}

/** Which staff a step is for: everyone, or those for whom every given key holds. See `docs/semantics.md` 7. */
export type Target = 'everyone' | TargetParts

export interface TargetParts {
  /** One id or several: any of them. */
  readonly staff?: StaffId | readonly StaffId[]
  readonly team?: string | readonly string[]
  /** Members of any of these shifts; they are rung only while their shift is on. */
  readonly shift?: ShiftId | readonly ShiftId[]
  /** Skill name to the least level: all of them. */
  readonly skills?: Readonly<Record<string, number>>
  /** All staff but those of this target. */
  readonly not?: Target
}

/** A workflow as the state holds it: the core reads no more of it than its name. */
export interface WorkflowRecord {
  readonly name: string
  readonly [key: string]: Json
}

/** Workflows of one desk at most. */
export const workflowsMax = 10_000

/** What the workflows gave for one request; recorded in its event, so that a replay never evaluates them again. */
export interface RoutingResult {
  /** Name of the workflow whose route won; `null` for the default route and for a transfer. */
  readonly workflow: string | null
  readonly route: Route
  /** Higher is served first. Default 0. */
  readonly priority: number
  readonly tags: readonly string[]
}
