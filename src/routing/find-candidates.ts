import type { Compiled } from './compile-conditions'
import { byRank, type Entry } from './entry'
import type { Bucket } from './ranked'
import type { RoutingContext } from './routing-context'

/** What the compiled checks found, before json-rules-engine has spoken. */
export interface Found {
  /** Nobody knows yet: an async fact, a host's operator, a check that threw. In order of rank, all before `match`. */
  readonly undecided: readonly Entry[]
  /** The first that matches. */
  readonly match: Entry | null
}

/** Workflows that were looked at, and names of those that do not match, up to some: for whoever asks why. */
export interface Seen {
  looked: number
  readonly sortedOut: string[]
}

const namesMax = 20

/** The first that matches after a rank, and all before it that may. */
export function findFirst(
  buckets: readonly Bucket[],
  context: RoutingContext,
  { after, seen }: { readonly after: Entry | null; readonly seen: Seen | null },
): Found {
  let match: Entry | null = null
  const maybe: Entry[] = []
  for (const bucket of buckets) {
    for (const entry of bucket) {
      if (match !== null && byRank(match, entry) < 0) break
      if (after !== null && byRank(entry, after) <= 0) continue
      const answer = ask(entry, context, seen)
      if (answer === 'no') continue
      if (answer === 'maybe') maybe.push(entry)
      else match = entry
    }
  }
  if (maybe.length === 0) return { undecided: none, match }
  const limit = match
  const undecided = maybe.filter((entry) => limit === null || byRank(entry, limit) < 0).sort(byRank)
  return { undecided, match }
}

const none: readonly never[] = []

/** Everything that matches or may, in order of rank. */
export function findAll(buckets: readonly Bucket[], context: RoutingContext, seen: Seen | null): Entry[] {
  const found = buckets.flatMap((bucket) => bucket.filter((entry) => ask(entry, context, seen) !== 'no'))
  return found.sort(byRank)
}

type Answer = 'yes' | 'no' | 'maybe'

function ask(entry: Entry, context: RoutingContext, seen: Seen | null): Answer {
  const answer = answerOf(entry.check, context)
  if (seen === null) return answer
  seen.looked += 1
  if (answer === 'no' && seen.sortedOut.length < namesMax) seen.sortedOut.push(entry.name)
  return answer
}

/** Of those nobody knew about, now that their facts have answered: all up to the first that matches. */
export function narrowed(undecided: readonly Entry[], context: RoutingContext): Found {
  const maybe: Entry[] = []
  for (const entry of undecided) {
    const answer = answerOf(entry.late?.check ?? entry.check, context)
    if (answer === 'yes') return { undecided: maybe, match: entry }
    if (answer === 'maybe') maybe.push(entry)
  }
  return { undecided: maybe, match: null }
}

/** Those that match or may, now that their facts have answered. */
export function remaining(entries: readonly Entry[], context: RoutingContext): Entry[] {
  return entries.filter((entry) => entry.late === null || answerOf(entry.late.check, context) !== 'no')
}

function answerOf({ check, isExact }: Compiled, context: RoutingContext): Answer {
  if (check === null) return 'maybe'
  try {
    if (!check(context)) return 'no'
    return isExact ? 'yes' : 'maybe'
  } catch {
    // json-rules-engine says what it makes of it, and who hears of it.
    return 'maybe'
  }
}
