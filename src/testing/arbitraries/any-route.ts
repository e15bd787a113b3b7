import * as fc from 'fast-check'
import { completeRoute, type Order, type Ring, type Route, type SeveralSteps, type StepInput } from '../../core'
import { anyTarget } from './any-target'

const orders: readonly Order[] = ['longest-idle', 'round-robin', 'least-loaded', 'best-skilled', 'listed', 'random']

/** A complete route of one to four steps, ring-all and selective, widening and handing over. */
export function anyRoute(): fc.Arbitrary<Route> {
  return anyRouteInput().map(completeRoute)
}

/** The same as a host writes it: what has a default may be left out. */
export function anyRouteInput(): fc.Arbitrary<SeveralSteps> {
  return fc
    .record({
      steps: fc.array(anyStep(), { minLength: 1, maxLength: 4, size: 'max' }),
      whenExhausted: fc.constantFrom('everyone', 'everyone', 'hold'),
    })
    .map(({ steps, whenExhausted }) => ({ steps: inOrderOfTime(steps), whenExhausted }))
}

/** Ring-all, or a few at a time in one of the six orders. */
export function anyRing(): fc.Arbitrary<Ring> {
  const selective = fc.record(
    {
      atOnce: fc.constantFrom(1, 1, 2),
      order: fc.constantFrom(...orders),
      eachMs: fc.constantFrom(1_000, 10_000, 20_000),
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
      add: fc.constantFrom(true, true, false),
      skipIfNobody: fc.constantFrom(true, true, false),
      ring: anyRing(),
      tone: fc.constantFrom('soft', 'loud'),
    },
    { requiredKeys: ['to'] },
  )
}

/** The first step starts at once, and none before its predecessor. */
function inOrderOfTime(steps: readonly StepInput[]): StepInput[] {
  const times = steps.map((step) => step.afterMs ?? 0).sort((a, b) => a - b)
  return steps.map((step, index) => ({ ...step, afterMs: index === 0 ? 0 : (times[index] ?? 0) }))
}
