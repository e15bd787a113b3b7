import type { Facts } from '../../core'
import {
  copyJson,
  type InputPath,
  isRecord,
  issueOf,
  type ParseContext,
  parsedBy,
  parseOrThrow,
  refuse,
} from '../../input'

export const factsBytesMax = 16 * 1_024
export const factsDepthMax = 32

const factsLimits = {
  levelsMax: factsDepthMax,
  bytesMax: factsBytesMax,
  valuesMax: factsBytesMax,
  textLengthMax: factsBytesMax,
  refusesUndefined: true,
  isFrozen: true,
}

export const emptyFacts: Facts = Object.freeze({})

/**
 * The schema of facts: plain JSON, at most 16 KiB and 32 levels deep, without a key that could reach a prototype. The
 * copy is frozen, so that views can show it without copying again.
 */
export const factsSchema = parsedBy<Facts>(copyFacts, () => ({ type: 'object' }))

/** Returns a frozen copy of facts. @throws InvalidInputError with every problem found. */
export function parseFacts(input: unknown, path: InputPath = ['facts']): Facts {
  return parseOrThrow((issues) => copyFacts(input, { path, issues }))
}

export function copyFacts(value: unknown, { path, issues }: ParseContext): Facts | undefined {
  if (!isRecord(value)) return refuse(issues, { ...issueOf(path, 'an object of JSON values', value) })
  for (const _ in value) return copyJson(value, { path, issues, limits: factsLimits }) as Facts | undefined
  return emptyFacts
}
