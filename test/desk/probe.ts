import { type Desk, type DeskOptions, type ManualClock, manualClock } from '../../src'
import { openDeskIn, type Surroundings } from '../../src/desk/open-desk'

/** A desk on a manual clock, with all that it told, in order: `ring r1 → ana, bo`, `stop r1 → ana (muted)`, … */
export interface Probe {
  readonly desk: Desk
  readonly clock: ManualClock
  readonly told: string[]
  readonly errors: unknown[]
}

export async function probe(options: DeskOptions = {}, startMs = 0, surroundings: Surroundings = {}): Promise<Probe> {
  const clock = manualClock(startMs)
  const desk = await openDeskIn(surroundings, { clock, ...options })
  const told: string[] = []
  const errors: unknown[] = []
  desk.on('ring', ({ requestId, staffIds }) => told.push(`ring ${requestId} → ${staffIds.join(', ')}`))
  desk.on('stop', ({ requestId, staffIds, reason }) =>
    told.push(`stop ${requestId} → ${staffIds.join(', ')} (${reason})`),
  )
  desk.on('visitor', ({ visitorId, staffIds }) => told.push(`visitor ${visitorId} → ${staffIds.join(', ')}`))
  desk.on('error', (error) => errors.push(error))
  return { desk, clock, told, errors }
}

/** The same with these people connected, and nothing told yet. */
export async function staffed(
  names: readonly string[],
  options: DeskOptions = {},
  startMs = 0,
  surroundings: Surroundings = {},
): Promise<Probe> {
  const probed = await probe({ staff: names.map((id) => ({ id })), ...options }, startMs, surroundings)
  for (const id of names) await probed.desk.connect(id, `${id}-tab`)
  return probed
}
