import * as fc from 'fast-check'
import type { Target, TargetParts } from '../../core'
import {
  completeRoute,
  everyoneRoute,
  type MultiStepRoute,
  type Order,
  type Ring,
  type Route,
  type RoutingResult,
  type StepInput,
} from '../../core'
import { sampleNames } from './any-roster'

const orders: readonly Order[] = ['longest-idle', 'round-robin', 'least-loaded', 'best-skilled', 'listed', 'random']

/** A complete route of one to four steps, ring-all and selective, widening and replacing. */
export function anyRoute(): fc.Arbitrary<Route> {
  return anyRouteInput().map(completeRoute)
}

/** The same as a host writes it: fields that have a default may be left out. */
export function anyRouteInput(): fc.Arbitrary<MultiStepRoute> {
  return fc
    .record({
      steps: fc.array(anyStep(), { minLength: 1, maxLength: 4, size: 'max' }),
      said: fc.constantFrom({}, { whenExhausted: 'everyone' as const }, { whenExhausted: 'hold' as const }),
    })
    .map(({ steps, said }) => ({ steps: sortedByStartTime(steps), ...said }))
}

/** Ring-all, or a few at a time in one of the six orders. */
export function anyRing(): fc.Arbitrary<Ring> {
  const selective = fc.record(
    {
      concurrentOffers: fc.constantFrom(1, 1, 2),
      order: fc.constantFrom(...orders),
      offerTimeoutMs: fc.constantFrom(1_000, 10_000, 20_000),
    },
    { requiredKeys: ['order'] },
  )
  return fc.oneof(fc.constant<Ring>('all'), selective)
}

function anyStep(): fc.Arbitrary<StepInput> {
  return fc.record(
    {
      to: anyTarget(),
      afterMs: fc.constantFrom(0, 1_000, 20_000, 60_000, 300_000),
      mode: fc.constantFrom('widen', 'widen', 'replace'),
      skipWhen: fc.constantFrom('nobody-present', 'nobody-free', 'nobody-free', 'never'),
      ring: anyRing(),
      tone: fc.constantFrom('soft', 'loud'),
    },
    { requiredKeys: ['to'] },
  )
}

/** The first step starts at once, and none before its predecessor. */
function sortedByStartTime(steps: readonly StepInput[]): StepInput[] {
  const times = steps.map((step) => step.afterMs ?? 0).sort((a, b) => a - b)
  return steps.map((step, index) => ({ ...step, afterMs: index === 0 ? 0 : (times[index] ?? 0) }))
}

/** A target over {@link sampleNames}: everyone, one key, several keys, or a `not`. Never empty. */
export function anyTarget(): fc.Arbitrary<Target> {
  const withoutNot = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Target>('everyone') },
    { weight: 2, arbitrary: fc.constantFrom(...sampleNames.staff).map((staff): Target => ({ staff })) },
    { weight: 2, arbitrary: fc.constantFrom(...sampleNames.teams).map((team): Target => ({ team })) },
    { weight: 2, arbitrary: fc.constantFrom(...sampleNames.shifts).map((shift): Target => ({ shift })) },
    { weight: 2, arbitrary: anyTargetParts() },
  )
  const withNot = fc
    .record({ parts: fc.option(anyTargetParts(), { nil: {} }), not: withoutNot })
    .map(({ parts, not }): Target => ({ ...parts, not }))
  return fc.oneof({ weight: 9, arbitrary: withoutNot }, { weight: 1, arbitrary: withNot })
}

function anyTargetParts(): fc.Arbitrary<TargetParts> {
  return fc
    .record(
      {
        staff: fc.subarray([...sampleNames.staff], { minLength: 1 }),
        team: fc.subarray([...sampleNames.teams], { minLength: 1 }),
        shift: fc.subarray([...sampleNames.shifts], { minLength: 1 }),
        skills: fc.dictionary(fc.constantFrom(...sampleNames.skills), fc.constantFrom(1, 3, 5), {
          minKeys: 1,
          maxKeys: 2,
          noNullPrototype: true,
        }),
      },
      { requiredKeys: [] },
    )
    .filter((parts) => Object.keys(parts).length > 0)
}

/** A result of the rules; often the default route, often everyone a few at a time. */
export function anyRoutingResult(): fc.Arbitrary<RoutingResult> {
  return fc.record({
    workflow: fc.constantFrom(null, 'Server questions', 'Bills'),
    route: fc.oneof(
      { weight: 1, arbitrary: fc.constant(everyoneRoute) },
      { weight: 1, arbitrary: anyRing().map((ring) => completeRoute({ to: 'everyone', ring })) },
      { weight: 2, arbitrary: anyRoute() },
    ),
    priority: fc.constantFrom(0, 0, 0, 5, 10, -1),
    tags: fc.subarray(['vip', 'trial']),
  })
}
