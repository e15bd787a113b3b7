import { type AwaitingItem, type Desk, type Outcome, openDesk, type PortalSnapshot, type RequestView } from 'frontbell'

/** What the desk promises to the compiler. Each line under `@ts-expect-error` is a mistake that must not compile. */
export async function commands(desk: Desk): Promise<void> {
  const asked = await desk.requestChat({ visitorId: 'v1', facts: { topic: 'server', pages: ['/a', '/b'], vip: true } })
  if (asked.ok) asked.duplicate satisfies boolean
  else asked.message satisfies string
  // @ts-expect-error an outcome is looked at before its details are used
  asked.requestId

  const taken = await desk.accept('r1', 'ana')
  if (taken.ok) [taken.assignmentId satisfies string, taken.already satisfies boolean]
  else if (taken.code === 'taken') taken.by satisfies string
  // @ts-expect-error only the refusal `taken` says by whom
  if (!taken.ok && taken.code === 'unknown-staff') taken.by

  // @ts-expect-error a request comes from a visitor
  await desk.requestChat({ facts: {} })
  // @ts-expect-error facts are JSON
  await desk.requestChat({ visitorId: 'v1', facts: { at: new Date() } })
  // @ts-expect-error availability is a wish: available or away
  await desk.setAvailability('ana', 'busy')
  // @ts-expect-error a snooze has a length
  await desk.snooze('r1', 'ana')
  // @ts-expect-error somebody releases it
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
  // @ts-expect-error somebody unknown has no screen
  desk.portal('nobody').ringing
  // @ts-expect-error what leaves the desk is not to be changed
  desk.awaiting().push()
  // @ts-expect-error a phase is derived, never set
  if (desk.request('r1') !== undefined) desk.request('r1').phase = 'ringing'
}

export function listeners(desk: Desk): void {
  const leave: () => void = desk.on('ring', ({ requestId, staffIds, tone, step, version, at }) => {
    const texts: (string | null)[] = [requestId, ...staffIds, tone]
    const numbers: number[] = [step, version, at]
    return [texts, numbers]
  })
  leave()
  desk.on('request.accepted', ({ type, assignmentId }) => [type satisfies 'request.accepted', assignmentId])
  desk.on('event', (event) => (event.type === 'request.muted' ? event.staffId : event.at))
  desk.on('error', (error) => error.code)
  // @ts-expect-error no such event
  desk.on('request.ringing', () => {})
  // @ts-expect-error a stop names a reason of the list
  desk.on('stop', ({ reason }) => reason === 'bored')
  // @ts-expect-error the desk owns its emitter and is none: nobody else may ring
  desk.emit('ring', {})
}

export async function opening(): Promise<void> {
  await openDesk()
  await openDesk({ staff: [{ id: 'ana', skills: { linux: 3 }, capacity: 3 }], policy: { remindAfterMs: null } })
  // @ts-expect-error a staff member has an id
  await openDesk({ staff: [{ name: 'Ana' }] })
  // @ts-expect-error no such policy: units stand in the name
  await openDesk({ policy: { remindAfter: 60_000 } })
  // @ts-expect-error a shift has a zone of its own, never the server's
  await openDesk({ shifts: [{ id: 'us', weekly: [] }] })
}
