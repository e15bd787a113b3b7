import type { Condition } from './condition'
import { type Literal, literalOf } from './literal'
import { isPossible } from './possible'
import type { NamedConditions } from './workflow'

/** Literals that have to hold together. */
export type Term = readonly Literal[]

const termsMax = 128
const literalsMax = 64

interface Reading {
  readonly named: NamedConditions
  /** Told of what cannot hold together. */
  readonly refused: (term: Term) => void
}

/**
 * A condition as the ways in which it can hold: it holds when all literals of one of them do. Ways that cannot hold are
 * left out. `null`: more than can be looked through.
 */
export function normalForm(condition: Condition, named: NamedConditions, refused = (_: Term) => {}): Term[] | null {
  return read(condition, true, { named, refused })
}

function read(condition: Condition, isWanted: boolean, reading: Reading): Term[] | null {
  if ('not' in condition) return read(condition.not, !isWanted, reading)
  if ('all' in condition) return isWanted ? every(condition.all, true, reading) : some(condition.all, false, reading)
  if ('any' in condition) return isWanted ? some(condition.any, true, reading) : every(condition.any, false, reading)
  if ('fact' in condition) return sound([[literalOf(condition, isWanted)]], reading)
  const { named } = reading
  const known = Object.hasOwn(named, condition.condition) ? named[condition.condition] : undefined
  return known === undefined ? null : read(known, isWanted, reading)
}

function some(parts: readonly Condition[], isWanted: boolean, reading: Reading): Term[] | null {
  const terms: Term[] = []
  for (const part of parts) {
    const found = read(part, isWanted, reading)
    if (found === null || terms.length + found.length > termsMax) return null
    terms.push(...found)
  }
  return terms
}

function every(parts: readonly Condition[], isWanted: boolean, reading: Reading): Term[] | null {
  let terms: Term[] = [[]]
  for (const [index, part] of parts.entries()) {
    const found = read(part, isWanted, reading)
    if (found === null || terms.length * found.length > termsMax) return null
    const longer = terms.flatMap((term) => found.map((more) => [...term, ...more]))
    if (longer.some(({ length }) => length > literalsMax)) return null
    const isBranching = found.length > 1 || index === parts.length - 1
    terms = isBranching ? sound(longer, reading) : longer
  }
  return terms
}

function sound(terms: Term[], { refused }: Reading): Term[] {
  return terms.filter((term) => {
    const isSound = isPossible(term)
    if (!isSound) refused(term)
    return isSound
  })
}
