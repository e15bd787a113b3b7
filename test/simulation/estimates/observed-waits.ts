import { vi } from 'vitest'
import type { DeskState, DomainEvent } from '../../../src/core'
import { parseScenario, type Scenario, simulate } from '../../../src/simulation'
import { Observer } from '../../../src/simulation/run/observer'

/** A desk at which every chat takes four minutes in the mean, exponentially distributed, as do the arrivals. */
export interface EstimatePoint {
  readonly staff: number
  readonly capacity: number
  /** The share of the staff's slots that the arrivals need. */
  readonly load: number
  /** How long a free staff member takes to answer. Default 0. */
  readonly answerMs?: number
  /** Mean patience in mean lengths of a chat, exponentially distributed. Default: visitors wait for ever. */
  readonly patience?: number
}

/** Estimates the wait of a request. Reads every event, as a projection of the desk does. */
export interface Estimator {
  record(state: DeskState, event: DomainEvent): void
  /** Called right after the request was opened. */
  estimateMs(state: DeskState, requestId: string): number | null
}

/** The accepted requests that had an estimate when they were opened: their estimates beside their waits. */
export interface EstimatedWaits {
  readonly count: number
  readonly meanEstimateMs: number
  readonly meanWaitMs: number
}

export interface Observation {
  readonly all: EstimatedWaits
  /** Without those accepted in the instant in which they were opened. */
  readonly waited: EstimatedWaits
}

const handlingMs = 240_000

/** Simulates a point with an estimator beside the desk. */
export function observeWaits(
  point: EstimatePoint & { readonly requests: number; readonly seed: number },
  estimator: Estimator,
): Observation {
  const open = new Map<string, { readonly at: number; readonly estimateMs: number | null }>()
  const pairs: (readonly [estimateMs: number, waitMs: number])[] = []
  const onEvent = Observer.prototype.onEvent
  const spy = vi.spyOn(Observer.prototype, 'onEvent').mockImplementation(function (this: Observer, event, state) {
    estimator.record(state, event)
    if (event.type === 'request.opened')
      open.set(event.requestId, { at: event.at, estimateMs: estimator.estimateMs(state, event.requestId) })
    if (event.type === 'request.accepted') {
      const { at = 0, estimateMs = null } = open.get(event.requestId) ?? {}
      if (estimateMs !== null) pairs.push([estimateMs, event.at - at])
    }
    onEvent.call(this, event, state)
  })
  try {
    simulate(scenarioOf(point), { seed: point.seed })
  } finally {
    spy.mockRestore()
  }
  return { all: meansOf(pairs), waited: meansOf(pairs.filter(([, waitMs]) => waitMs > 0)) }
}

function scenarioOf({
  staff,
  capacity,
  load,
  requests,
  answerMs = 0,
  patience,
}: EstimatePoint & { readonly requests: number }): Scenario {
  const perHour = (staff * capacity * load * 3_600_000) / handlingMs
  return parseScenario({
    from: 0,
    forHours: requests / perHour,
    intervalMs: 86_400_000,
    staff: Array.from({ length: staff }, (_, index) => ({ id: `s${index}`, capacity })),
    policy: {
      abandonAfterMs: 0,
      unattendedAfterMs: 86_400_000,
      requestsPerMinuteMax: 1_000_000,
      openRequestsMax: 1_000_000,
    },
    arrivals: { perHour },
    behaviour: {
      answer: { distribution: 'fixed', ms: answerMs },
      handling: { distribution: 'exponential', meanMs: handlingMs },
      ...(patience === undefined ? {} : { patience: { distribution: 'exponential', meanMs: patience * handlingMs } }),
    },
  })
}

function meansOf(pairs: readonly (readonly [estimateMs: number, waitMs: number])[]): EstimatedWaits {
  const count = pairs.length
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, count)
  return {
    count,
    meanEstimateMs: meanOf(pairs.map(([estimateMs]) => estimateMs)),
    meanWaitMs: meanOf(pairs.map(([, waitMs]) => waitMs)),
  }
}
