import * as fc from 'fast-check'
import type { Facts, Json } from '../../core'
import { distinct, type MinedFacts, mergedFacts } from './mined-facts'
import { type Situation, type StoryDeed, storyVerbs } from './situation'

/** What stories are made of. */
export interface Material {
  readonly instants: number
  readonly staff: number
  readonly waits: number
  readonly mined: MinedFacts
  /** Facts that a request must have for the property to be about it: for each, the values that it may have. */
  readonly wanted: ReadonlyMap<string, readonly Json[]>
}

const deedsMax = 6

/** A random story; it shrinks to the first instant, to few facts, to everybody there, and to nothing being done. */
export function anySituation(material: Material): fc.Arbitrary<Situation> {
  const { instants, staff, mined, wanted } = material
  const known = new Map([...mined.values, ...[...wanted].map(([fact, values]) => [fact, values] as const)])
  const anyFact = Object.fromEntries([...known].map(([fact, values]) => [fact, fc.constantFrom(...values)]))
  const facts = fc.record(anyFact, { requiredKeys: [...wanted.keys()] }) as fc.Arbitrary<Facts>
  return fc.record({
    instant: fc.nat(instants - 1),
    facts,
    missing: fc.uniqueArray(fc.nat(Math.max(0, staff - 1)), { maxLength: Math.min(staff, 3) }),
    deeds: fc.array(anyStoryDeed(material), { maxLength: deedsMax, size: 'max' }),
  })
}

function anyStoryDeed({ staff, waits }: Material): fc.Arbitrary<StoryDeed> {
  return fc.record({
    wait: fc.nat(waits - 1),
    who: fc.nat(Math.max(0, staff - 1)),
    what: fc.constantFrom(...storyVerbs),
  })
}

/**
 * Plain stories in which nobody does anything: each way of meeting each workflow at each instant of the week, all of
 * them or, evenly, as many as `max`.
 */
export function sweptSituations({ instants, mined, wanted }: Material, max: number): Situation[] {
  const asked = [...wanted].reduce<Facts[]>(
    (found, [fact, values]) => found.flatMap((one) => values.map((value) => ({ ...one, [fact]: value }))),
    [{}],
  )
  const facts = distinct(mined.witnesses.flatMap((witness) => asked.map((must) => mergedFacts(witness, must))))
  const total = facts.length * instants
  const situationAt = (index: number): Situation => ({
    instant: index % instants,
    facts: facts[Math.floor(index / instants)] ?? {},
    missing: [],
    deeds: [],
  })
  if (total <= max) return Array.from({ length: total }, (_, index) => situationAt(index))
  return Array.from({ length: max }, (_, index) => situationAt(Math.floor(((index * goldenRatio) % 1) * total)))
}

/** Multiples of it, without their whole parts, fill an interval evenly however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2
