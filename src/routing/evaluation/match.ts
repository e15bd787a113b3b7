import type { CompiledCondition } from '../compile/compile-condition'
import { type CompiledWorkflow, compareRank } from '../compile/compiled-workflow'
import type { SortedBucket } from '../compile/sorted-buckets'
import type { RoutingContext } from '../facts/routing-context'

/** What the compiled checks found, before json-rules-engine evaluates it. */
export interface MatchResult {
  /**
   * May match: they need an async fact or a host operator, or their check threw. Sorted by rank, all before `match`.
   */
  readonly undecided: readonly CompiledWorkflow[]
  /** The first that matches. */
  readonly match: CompiledWorkflow | null
}

/** For the trace: how many workflows were checked, and the names of some that do not match. */
export interface MatchStats {
  candidates: number
  readonly rejected: string[]
}

const rejectedNamesMax = 20

/** Returns the first workflow that matches, of those ranked after `after`, and every workflow before it that may. */
export function findFirstMatch(
  buckets: readonly SortedBucket[],
  context: RoutingContext,
  { after, stats }: { readonly after: CompiledWorkflow | null; readonly stats: MatchStats | null },
): MatchResult {
  let match: CompiledWorkflow | null = null
  const undecided: CompiledWorkflow[] = []
  for (const bucket of buckets) {
    for (const entry of bucket) {
      if (match !== null && compareRank(match, entry) < 0) break
      if (after !== null && compareRank(entry, after) <= 0) continue
      const result = checkCandidate(entry, context, stats)
      if (result === 'no-match') continue
      if (result === 'undecided') undecided.push(entry)
      else match = entry
    }
  }
  if (undecided.length === 0) return { undecided: noWorkflows, match }
  const last = match
  const before = undecided.filter((entry) => last === null || compareRank(entry, last) < 0)
  return { undecided: before.sort(compareRank), match }
}

const noWorkflows: readonly never[] = []

/** Returns every workflow that matches or may, sorted by rank. */
export function findAllMatches(
  buckets: readonly SortedBucket[],
  context: RoutingContext,
  stats: MatchStats | null,
): CompiledWorkflow[] {
  const found = buckets.flatMap((bucket) =>
    bucket.filter((entry) => checkCandidate(entry, context, stats) !== 'no-match'),
  )
  return found.sort(compareRank)
}

type CheckResult = 'match' | 'no-match' | 'undecided'

function checkCandidate(entry: CompiledWorkflow, context: RoutingContext, stats: MatchStats | null): CheckResult {
  const result = checkCondition(entry.condition, context)
  if (stats === null) return result
  stats.candidates += 1
  if (result === 'no-match' && stats.rejected.length < rejectedNamesMax) stats.rejected.push(entry.name)
  return result
}

/** Checks undecided workflows again, once their async facts are resolved, up to the first that matches. */
export function resolveUndecided(entries: readonly CompiledWorkflow[], context: RoutingContext): MatchResult {
  const undecided: CompiledWorkflow[] = []
  for (const entry of entries) {
    const result = checkCondition(entry.asyncFacts?.condition ?? entry.condition, context)
    if (result === 'match') return { undecided, match: entry }
    if (result === 'undecided') undecided.push(entry)
  }
  return { undecided, match: null }
}

/** Returns the workflows that match or may, once their async facts are resolved. */
export function withoutRejected(entries: readonly CompiledWorkflow[], context: RoutingContext): CompiledWorkflow[] {
  return entries.filter(
    (entry) => entry.asyncFacts === null || checkCondition(entry.asyncFacts.condition, context) !== 'no-match',
  )
}

function checkCondition({ check, isExact }: CompiledCondition, context: RoutingContext): CheckResult {
  if (check === null) return 'undecided'
  try {
    if (!check(context)) return 'no-match'
    return isExact ? 'match' : 'undecided'
  } catch {
    // json-rules-engine evaluates it again, and its failure is reported.
    return 'undecided'
  }
}

/** Combines workflows that prioritize or tag: the highest priority, and every tag once. */
export function combineEffects(effects: readonly CompiledWorkflow[]): {
  readonly priority: number
  readonly tags: readonly string[]
} {
  if (effects.length === 0) return { priority: 0, tags: [] }
  const events = effects.map(({ workflow }) => workflow.event)
  const priorities = events.flatMap((event) => (event.type === 'prioritize' ? [event.params.priority] : []))
  const tags = events.flatMap((event) => (event.type === 'tag' ? event.params.tags : []))
  return { priority: priorities.length === 0 ? 0 : Math.max(...priorities), tags: [...new Set(tags)] }
}
