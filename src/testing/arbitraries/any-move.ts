import * as fc from 'fast-check'
import type { Deed, Move, Wait } from '../playing/move'
import { anyFacts } from './any-facts'
import { anyPolicy } from './any-policy'
import { anyRoute } from './any-route'
import { anyShifts } from './any-shift'
import { anyStaff } from './any-staff'
import { anyVerdict } from './any-verdict'
import { names } from './names'

/** A wait and any command of the core. Everyday commands come often, the ones that change everything seldom. */
export function anyMove(): fc.Arbitrary<Move> {
  return fc.record({ wait: anyWait(), deed: anyDeed() })
}

/** Nothing, a little, exactly to the next deadline or just beside it, and hours. */
export function anyWait(): fc.Arbitrary<Wait> {
  const asleep = fc.boolean()
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ ms: fc.constantFrom(0, 0, 1, 500), asleep }) },
    { weight: 3, arbitrary: fc.record({ ms: fc.constantFrom(1_000, 5_000, 19_999, 20_000), asleep }) },
    { weight: 4, arbitrary: fc.record({ to: fc.constantFrom('before', 'deadline', 'deadline', 'deadline', 'after') }) },
    { weight: 1, arbitrary: fc.record({ ms: fc.constantFrom(60_000, 900_000, 7_200_000), asleep }) },
  ) as fc.Arbitrary<Wait>
}

/** Any command of the core without its instant. */
export function anyDeed(): fc.Arbitrary<Deed> {
  return fc.oneof(...requestDeeds(), ...staffDeeds(), ...visitorDeeds(), ...deskDeeds())
}

type Weighted = { weight: number; arbitrary: fc.Arbitrary<Deed> }

function requestDeeds(): Weighted[] {
  const reason = fc.constantFrom(null, 'lunch')
  return [
    { weight: 16, arbitrary: deed('requestChat', requestChat()) },
    { weight: 2, arbitrary: deed('cancel', { requestId: anyRequestId(), reason }) },
    { weight: 14, arbitrary: deed('accept', pair()) },
    { weight: 10, arbitrary: deed('mute', pair()) },
    { weight: 3, arbitrary: deed('unmute', pair()) },
    { weight: 5, arbitrary: deed('snooze', { ...pair(), forMs: fc.constantFrom(1, 1_000, 20_000) }) },
    { weight: 5, arbitrary: deed('decline', { ...pair(), reason }) },
    { weight: 4, arbitrary: deed('release', { requestId: anyRequestId(), by: anyStaffId(), exclude: fc.boolean() }) },
    { weight: 5, arbitrary: deed('transfer', { requestId: anyRequestId(), by: anyStaffId(), route: anyRoute() }) },
    { weight: 3, arbitrary: deed('assign', { ...pair(), by: fc.constant('supervisor') }) },
    { weight: 2, arbitrary: deed('replied', { requestId: anyRequestId() }) },
    { weight: 6, arbitrary: deed('end', { requestId: anyRequestId() }) },
    { weight: 4, arbitrary: deed('reroute', { requestId: anyRequestId(), verdict: anyVerdict() }) },
  ]
}

function staffDeeds(): Weighted[] {
  const session = { staffId: anyStaffId(), sessionId: fc.constantFrom(...names.sessions) }
  return [
    { weight: 12, arbitrary: deed('connect', session) },
    { weight: 6, arbitrary: deed('disconnect', session) },
    { weight: 4, arbitrary: deed('heartbeat', session) },
    { weight: 6, arbitrary: deed('setAvailability', { staffId: anyStaffId(), availability: anyAvailability() }) },
    { weight: 4, arbitrary: deed('setStaff', { staff: anyStaff() }) },
    { weight: 1, arbitrary: deed('removeStaff', { staffId: anyStaffId() }) },
  ]
}

function visitorDeeds(): Weighted[] {
  const visitorId = fc.constantFrom(...names.visitors)
  return [
    { weight: 3, arbitrary: deed('visitorArrived', { visitorId, facts: anyFacts() }) },
    { weight: 4, arbitrary: deed('visitorLeft', { visitorId }) },
  ]
}

function deskDeeds(): Weighted[] {
  return [
    { weight: 1, arbitrary: deed('setWorkflows', { workflows: fc.constantFrom([], [{ name: 'Bills' }]) }) },
    { weight: 1, arbitrary: deed('setShifts', { shifts: anyShifts(), times: fc.constant([]) }) },
    { weight: 1, arbitrary: deed('setPolicy', { policy: anyPolicy() }) },
    { weight: 4, arbitrary: deed('tick', { times: fc.constant([]) }) },
  ]
}

function deed(type: Deed['type'], fields: { readonly [name: string]: fc.Arbitrary<unknown> }): fc.Arbitrary<Deed> {
  return fc.record({ type: fc.constant(type), ...fields }) as fc.Arbitrary<unknown> as fc.Arbitrary<Deed>
}

function requestChat() {
  return {
    requestId: fc.oneof(
      { weight: 12, arbitrary: fc.constant('#new') },
      { weight: 1, arbitrary: fc.constantFrom('#0', '#3') },
    ),
    visitorId: fc.constantFrom(...names.visitors),
    facts: anyFacts(),
    weight: fc.constantFrom(null, null, 1, 2),
    verdict: anyVerdict(),
  }
}

function pair() {
  return { requestId: anyRequestId(), staffId: anyStaffId() }
}

function anyRequestId(): fc.Arbitrary<string> {
  return fc.constantFrom('#0', '#0', '#0', '#1', '#1', '#1', '#2', '#2', '#3', '#4', '#5', '#9')
}

function anyStaffId(): fc.Arbitrary<string> {
  const known = fc.constantFrom(...names.staff)
  return fc.oneof({ weight: 30, arbitrary: known }, { weight: 1, arbitrary: fc.constant(names.stranger) })
}

function anyAvailability() {
  return fc.constantFrom('available', 'available', 'away')
}
