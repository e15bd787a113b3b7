import {
  type AwaitingItem,
  type Desk,
  type Outcome,
  openDesk,
  type Policy,
  type PortalSnapshot,
  type RequestView,
  type Shift,
  type Staff,
  type Workflow,
} from 'frontbell'

/** The types of a desk. Each line under `@ts-expect-error` is a mistake that must not compile. */
export async function commands(desk: Desk): Promise<void> {
  const requested = await desk.requestChat({
    visitorId: 'v1',
    facts: { topic: 'server', pages: ['/a', '/b'], vip: true },
  })
  if (requested.ok) requested.duplicate satisfies boolean
  else requested.message satisfies string
  // @ts-expect-error an outcome must be checked before its details are used
  requested.requestId

  const accepted = await desk.accept('r1', 'ana')
  if (accepted.ok) [accepted.assignmentId satisfies string, accepted.already satisfies boolean]
  else if (accepted.code === 'taken') accepted.by satisfies string
  // @ts-expect-error only the refusal `taken` has `by`
  if (!accepted.ok && accepted.code === 'unknown-staff') accepted.by

  // @ts-expect-error a request comes from a visitor
  await desk.requestChat({ facts: {} })
  // @ts-expect-error facts are JSON
  await desk.requestChat({ visitorId: 'v1', facts: { at: new Date() } })
  // @ts-expect-error availability is available or away
  await desk.setAvailability('ana', 'busy')
  // @ts-expect-error a snooze has a length
  await desk.snooze('r1', 'ana')
  // @ts-expect-error a release names who releases
  await desk.release('r1', {})
  // @ts-expect-error no such command
  await desk.execute({ type: 'reject', requestId: 'r1', staffId: 'ana' })

  const same: Outcome = await desk.execute({ type: 'accept', requestId: 'r1', staffId: 'ana' })
  same.ok satisfies boolean
}

export function views(desk: Desk): void {
  desk.awaiting('ana') satisfies readonly AwaitingItem[]
  desk.awaiting() satisfies readonly AwaitingItem[]
  desk.ringing('ana') satisfies readonly string[]
  desk.portal('ana') satisfies PortalSnapshot | undefined
  desk.request('r1') satisfies RequestView | undefined
  desk.roster() satisfies readonly Staff[]
  desk.shifts satisfies readonly Shift[]
  desk.workflows satisfies readonly Workflow[]
  desk.policy satisfies Policy
  desk.revision satisfies number
  desk.requests({ phase: 'ringing', visitorId: 'v1', staffId: 'ana' }) satisfies readonly RequestView[]
  // @ts-expect-error no such phase
  desk.requests({ phase: 'open' })
  // @ts-expect-error what was set is changed by a command
  desk.policy = {}
  // @ts-expect-error an unknown staff member has no portal
  desk.portal('nobody').ringing
  // @ts-expect-error views are read-only
  desk.awaiting().push()
  // @ts-expect-error a phase is derived, never set
  if (desk.request('r1') !== undefined) desk.request('r1').phase = 'ringing'
}

export function listeners(desk: Desk): void {
  const unsubscribe: () => void = desk.on('ring', ({ requestId, staffIds, tone, step, version, at }) => {
    const texts: (string | null)[] = [requestId, ...staffIds, tone]
    const numbers: number[] = [step, version, at]
    return [texts, numbers]
  })
  unsubscribe()
  desk.on('request.accepted', ({ type, assignmentId }) => [type satisfies 'request.accepted', assignmentId])
  desk.on('event', (event) => (event.type === 'request.muted' ? event.staffId : event.at))
  desk.on('request.muted', ({ visitorId, isOrigin }) => [visitorId satisfies string, isOrigin satisfies boolean])
  // @ts-expect-error an event about no request names no visitor
  desk.on('staff.set', ({ visitorId }) => visitorId)
  desk.on('error', (error) => error.code)
  // @ts-expect-error no such event
  desk.on('request.ringing', () => {})
  // @ts-expect-error a stop names a reason of the list
  desk.on('stop', ({ reason }) => reason === 'bored')
  // @ts-expect-error the desk owns its emitter and is none: a caller cannot emit
  desk.emit('ring', {})
}

export async function opening(): Promise<void> {
  await openDesk()
  await openDesk({ staff: [{ id: 'ana', skills: { linux: 3 }, capacity: 3 }], policy: { remindAfterMs: null } })
  await openDesk({ policy: { remindAfterMs: null }, initial: { staff: [{ id: 'ana' }], workflows: [], shifts: [] } })
  // @ts-expect-error the store belongs to the desk, not to its initial settings
  await openDesk({ initial: { store: undefined } })
  // @ts-expect-error a staff member has an id
  await openDesk({ staff: [{ name: 'Ana' }] })
  // @ts-expect-error no such policy: the unit is part of the name
  await openDesk({ policy: { remindAfter: 60_000 } })
  // @ts-expect-error a shift needs its own time zone
  await openDesk({ shifts: [{ id: 'us', weekly: [] }] })
}
