import { type Desk, type DeskOptions, type ManualClock, manualClock } from '../../src'
import { type DeskEnvironment, openDeskWithEnvironment } from '../../src/desk/open-desk'

/**
 * A desk on a manual clock, with all edges that it emitted, in order: `ring r1 → ana, bo`, `stop r1 → ana (muted)`, …
 */
export interface TestDesk {
  readonly desk: Desk
  readonly clock: ManualClock
  readonly edges: string[]
  readonly errors: unknown[]
}

export async function openTestDesk(
  options: DeskOptions = {},
  startMs = 0,
  around: DeskEnvironment = {},
): Promise<TestDesk> {
  const clock = manualClock(startMs)
  const desk = await openDeskWithEnvironment(around, { clock, ...options })
  const edges: string[] = []
  const errors: unknown[] = []
  desk.on('ring', ({ requestId, staffIds }) => edges.push(`ring ${requestId} → ${staffIds.join(', ')}`))
  desk.on('stop', ({ requestId, staffIds, reason }) =>
    edges.push(`stop ${requestId} → ${staffIds.join(', ')} (${reason})`),
  )
  desk.on('visitor', ({ visitorId, staffIds }) => edges.push(`visitor ${visitorId} → ${staffIds.join(', ')}`))
  desk.on('error', (error) => errors.push(error))
  return { desk, clock, edges, errors }
}

/** Opens the same with these staff members connected, and no edge yet. */
export async function openStaffedDesk(
  staffIds: readonly string[],
  options: DeskOptions = {},
  startMs = 0,
  around: DeskEnvironment = {},
): Promise<TestDesk> {
  const opened = await openTestDesk({ staff: staffIds.map((id) => ({ id })), ...options }, startMs, around)
  for (const id of staffIds) await opened.desk.connect(id, `${id}-tab`)
  return opened
}
