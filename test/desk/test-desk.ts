import { type Desk, type DeskOptions, type ManualClock, manualClock } from '../../src'
import { type DeskEnvironment, openDeskWithEnvironment } from '../../src/desk/open-desk'

/** A desk on a manual clock, with all that it told, in order: `ring r1 → ana, bo`, `stop r1 → ana (muted)`, … */
export interface TestDesk {
  readonly desk: Desk
  readonly clock: ManualClock
  readonly edges: string[]
  readonly errors: unknown[]
}

export async function openTestDesk(
  options: DeskOptions = {},
  startMs = 0,
  surroundings: DeskEnvironment = {},
): Promise<TestDesk> {
  const clock = manualClock(startMs)
  const desk = await openDeskWithEnvironment(surroundings, { clock, ...options })
  const told: string[] = []
  const errors: unknown[] = []
  desk.on('ring', ({ requestId, staffIds }) => told.push(`ring ${requestId} → ${staffIds.join(', ')}`))
  desk.on('stop', ({ requestId, staffIds, reason }) =>
    told.push(`stop ${requestId} → ${staffIds.join(', ')} (${reason})`),
  )
  desk.on('visitor', ({ visitorId, staffIds }) => told.push(`visitor ${visitorId} → ${staffIds.join(', ')}`))
  desk.on('error', (error) => errors.push(error))
  return { desk, clock, edges: told, errors }
}

/** The same with these people connected, and nothing told yet. */
export async function openStaffedDesk(
  names: readonly string[],
  options: DeskOptions = {},
  startMs = 0,
  surroundings: DeskEnvironment = {},
): Promise<TestDesk> {
  const probed = await openTestDesk({ staff: names.map((id) => ({ id })), ...options }, startMs, surroundings)
  for (const id of names) await probed.desk.connect(id, `${id}-tab`)
  return probed
}
