import type { EventType } from '../../core'
import type { LogPayload } from '../../log'

const known: Readonly<Record<EventType, true>> = {
  'policy.set': true,
  'workflows.set': true,
  'staff.set': true,
  'staff.removed': true,
  'session.started': true,
  'session.renewed': true,
  'session.ended': true,
  'presence.ended': true,
  'availability.changed': true,
  'staff.notResponding': true,
  'shifts.set': true,
  'shift.started': true,
  'shift.ended': true,
  'visitor.arrived': true,
  'visitor.left': true,
  'visitor.forgotten': true,
  'request.opened': true,
  'request.muted': true,
  'request.unmuted': true,
  'snooze.ended': true,
  'request.declined': true,
  'request.accepted': true,
  'request.replied': true,
  'request.released': true,
  'request.transferred': true,
  'transfer.returned': true,
  'request.rerouted': true,
  'step.started': true,
  'request.reminded': true,
  'offer.made': true,
  'offer.expired': true,
  'pass.ended': true,
  'pass.started': true,
  'request.unattended': true,
  'request.closed': true,
  'wrapUp.ended': true,
}

/** Whether this release knows a type of event. */
export function isKnownEvent(type: string): type is EventType {
  return Object.hasOwn(known, type)
}

/** The first type of event in a batch that this release does not know, and must not pass over. */
export function unknownEventType({ events }: LogPayload): string | undefined {
  return events.find(({ type }) => !isKnownEvent(type))?.type
}
