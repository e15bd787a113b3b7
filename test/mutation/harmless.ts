/** A line of the core on which a planted fault goes unnoticed, and why that does no harm. */
export interface Harmless {
  readonly file: string
  /** A part of the line. */
  readonly code: string
  /** A part of `what stood there → what was planted`; any fault on the line when left out. */
  readonly planted?: string
  readonly reason: string
}

const unreachable = 'no state and no caller leads here; the line is for the type checker'
const guard = 'a guard for the type checker: what it asks for is always so here'
const faster = 'a shortcut: without it the same comes out, later'
const lighter = 'bounds memory: without it the same comes out, of more'
const never = 'nothing is concerned: the value is never looked at in this case'

function all(reason: string, file: string, ...codes: readonly string[]): Harmless[] {
  return codes.map((code) => ({ file, code, reason }))
}

/** Looked through by hand; `list:mutation` asks for more when more goes unnoticed. */
export const harmless: readonly Harmless[] = [
  ...[
    ...['decide.ts', 'decide-chat.ts', 'decide-presence.ts', 'decide-request.ts', 'decide-roster.ts', 'evolve-chat.ts'],
    ...['evolve-offer.ts', 'evolve-presence.ts', 'evolve-request.ts', 'evolve-roster.ts', 'evolve-visitor.ts'],
    ...['evolve.ts', 'ranking.ts', 'decide-tick.ts'],
  ].flatMap((file) => all(unreachable, file, 'default:')),
  ...all(guard, 'advance.ts', 'skipIfNobody', 'each !== undefined'),
  ...all(faster, 'advance.ts', 'return step === last'),
  ...all(guard, 'attention.ts', 'current === undefined', 'Math.min(expiresAt, detail?.abandonAt'),
  ...all(faster, 'attention.ts', 'rung.ableCount === 0', 'mutes.size > 0', 'offers.size > 0'),
  ...all('looks once more and finds nothing to tell', 'attention.ts', 'return cause !== null && cause !=='),
  ...all(guard, 'audience.ts', 'route.steps[first]?.add'),
  ...all(faster, 'audience.ts', 'first === step', 'only !== undefined', 'rungs.length === 1', 'known !== undefined'),
  ...all(
    'everyone is a text: it has no parts to be asked for',
    'audience.ts',
    "target === 'everyone'",
    "step.to !== 'everyone'",
  ),
  ...all(
    'any text does, as long as it is told apart',
    'audience.ts',
    'const parts: string[] = []',
    'if (value !== undefined) parts',
    "parts.join(' ')",
  ),
  ...all(lighter, 'audience.ts', "audience.order !== 'all'"),
  ...all(
    'who waits since when depends on the offer missed only where it was missed',
    'awaiting.ts',
    "why === 'missed'",
  ),
  ...all(
    faster,
    'change.ts',
    'rungs !== request.rungs ||',
    'isRoster',
    'detail.offers.size === 0',
    'only === undefined',
  ),
  ...all(faster, 'change.ts', 'before === after', 'before.length === 0', 'after.length === 0', 'offers.size === 0'),
  ...all('what is left in an old list is passed over there', 'change.ts', 'if (rungs !== request.rungs) placeVacancy'),
  ...all('the offer is withdrawn all the same: who is not rung by it loses it', 'change.ts', 'setOffer(staff, null)'),
  ...all(
    faster,
    'change.ts',
    'taker === undefined ?',
    'if (staff.offer === request) continue',
    'staff.offer !== request) continue',
  ),
  ...all(unreachable, 'decide-chat.ts', 'if (assignment === null) return []', 'const staffId = state.staff.has(by)'),
  ...all(
    unreachable,
    'decide-tick.ts',
    'requests.set(request, Math.max',
    'if (assignment.replyDueAt === null',
    'detail?.abandonAt == null',
    'longWaitAt(state, request) > at',
  ),
  ...all(faster, 'described.ts', 'prototype === Object.prototype'),
  ...all(never, 'evolve-chat.ts', "case 'request.replied'", 'request.assignment !== null'),
  ...all(unreachable, 'lookup.ts', "'not-in-team'"),
  ...all(guard, 'metrics.ts', 'request?.assignment?.take', 'this.#buckets[0]?.index'),
  ...all('the same object or one like it', 'metrics.ts', 'else if (before === undefined)'),
  ...all('before the first there is nothing to compare with', 'metrics.ts', 'while (place > 0'),
  ...all(lighter, 'metrics.ts', 'const known = this.#buckets[place - 1]', 'known?.index === index'),
  ...all(
    'whoever is looked at once more is credited with the same time',
    'metrics.ts',
    "case 'request.opened'",
    "case 'request.muted'",
    "case 'request.declined'",
    "case 'request.transferred'",
    'event.by === null',
    "case 'request.closed'",
    'event.staffId !== null',
  ),
  ...all(lighter, 'metrics-bucket.ts', 'ringListsMax'),
  ...all(faster, 'next-due.ts', 'due.shifts.earliestAt > at'),
  ...all('no other event has an author who is null', 'queue.ts', "event.type !== 'request.accepted'"),
  ...all(guard, 'queue.ts', 'request === undefined', 'first === undefined', 'this.#gaps.get(key)?.gapsMs ?? []'),
  ...all(faster, 'queue.ts', 'key === this.#newest', 'this.#told.size > open.length', 'known !== undefined'),
  ...all('no two requests are served at the same place, and none before itself', 'queue.ts', 'const isBefore'),
  ...all(guard, 'ranking.ts', "typeof target.staff === 'string'"),
  ...all('a request without a past has none to keep', 'snapshot.ts', 'detail: detail === null ?'),
  ...all(guard, 'snapshot.ts', 'assignment === null || staff === undefined'),
  ...all(faster, 'target-counts.ts', 'all`)', 'known !== undefined', 'sameTarget.length === 1'),
  ...all('everyone is a text: it has no parts to be asked for', 'target-counts.ts', "target === 'everyone'"),
  ...all(guard, 'target-counts.ts', 'record.shifts?.includes'),
  ...all(
    'the smallest of the wide bins holds the same waits as the last of the narrow ones',
    'wait-histogram.ts',
    'linear',
  ),
  ...all(faster, 'wait-histogram.ts', 'this.count === 0'),
]
