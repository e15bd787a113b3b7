import * as fc from 'fast-check'
import { defaultPolicy, type Policy, type Staff } from '../../core'
import type { Action, CommandTemplate, Delay, Scenario } from '../driver/scenario'
import { anyRoster, anyShifts, anyStaff, sampleNames } from './any-roster'
import { anyRoute, anyRoutingResult } from './any-route'
import { anyFacts } from './any-workflow'

/** A scenario: a roster of which most are present, shifts, a policy, and up to `actionsMax` actions (default 120). */
export function anyScenario({ actionsMax = 120 }: { readonly actionsMax?: number } = {}): fc.Arbitrary<Scenario> {
  return fc
    .record({
      policy: fc.oneof(fc.constant(defaultPolicy), anyPolicy()),
      shifts: anyShifts(),
      roster: anyRoster(),
      absent: fc.subarray([0, 1, 2, 3, 4]),
      actions: fc.array(anyAction(), { maxLength: actionsMax, size: 'max' }),
    })
    .map(({ policy, shifts, roster, absent, actions }) => ({
      startAt: 1_000_000,
      policy,
      setup: [
        { type: 'setShifts', shifts, times: [] },
        ...roster.flatMap((staff, index) => setupOfStaff(staff, !absent.includes(index))),
      ],
      actions,
    }))
}

function setupOfStaff(staff: Staff, isPresent: boolean): CommandTemplate[] {
  const set: CommandTemplate = { type: 'setStaff', staff }
  return isPresent ? [set, { type: 'connect', staffId: staff.id, sessionId: 'tab' }] : [set]
}

/** A delay and any command of the core. Everyday commands are frequent, those that change the whole desk rare. */
export function anyAction(): fc.Arbitrary<Action> {
  return fc.record({ delay: anyDelay(), command: anyCommandTemplate() })
}

/** No delay, a short one, one to the next deadline or one millisecond off it, and hours. */
export function anyDelay(): fc.Arbitrary<Delay> {
  const asleep = fc.boolean()
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ ms: fc.constantFrom(0, 0, 1, 500), asleep }) },
    { weight: 3, arbitrary: fc.record({ ms: fc.constantFrom(1_000, 5_000, 19_999, 20_000), asleep }) },
    { weight: 4, arbitrary: fc.record({ to: fc.constantFrom('before', 'deadline', 'deadline', 'deadline', 'after') }) },
    { weight: 1, arbitrary: fc.record({ ms: fc.constantFrom(60_000, 900_000, 7_200_000), asleep }) },
  ) as fc.Arbitrary<Delay>
}

/** Any command of the core without its instant. */
export function anyCommandTemplate(): fc.Arbitrary<CommandTemplate> {
  return fc.oneof(...requestCommands(), ...staffCommands(), ...visitorCommands(), ...deskCommands())
}

type WeightedTemplate = { weight: number; arbitrary: fc.Arbitrary<CommandTemplate> }

function requestCommands(): WeightedTemplate[] {
  const reason = fc.constantFrom(null, 'lunch')
  return [
    { weight: 16, arbitrary: anyTemplateOf('requestChat', requestChatFields()) },
    { weight: 2, arbitrary: anyTemplateOf('cancel', { requestId: anyRequestId(), reason }) },
    { weight: 14, arbitrary: anyTemplateOf('accept', requestAndStaff()) },
    { weight: 10, arbitrary: anyTemplateOf('mute', requestAndStaff()) },
    { weight: 3, arbitrary: anyTemplateOf('unmute', requestAndStaff()) },
    {
      weight: 5,
      arbitrary: anyTemplateOf('snooze', { ...requestAndStaff(), forMs: fc.constantFrom(1, 1_000, 20_000) }),
    },
    { weight: 5, arbitrary: anyTemplateOf('decline', { ...requestAndStaff(), reason }) },
    {
      weight: 4,
      arbitrary: anyTemplateOf('release', { requestId: anyRequestId(), by: anyStaffId(), exclude: fc.boolean() }),
    },
    {
      weight: 5,
      arbitrary: anyTemplateOf('transfer', { requestId: anyRequestId(), by: anyStaffId(), route: anyRoute() }),
    },
    { weight: 3, arbitrary: anyTemplateOf('assign', { ...requestAndStaff(), by: fc.constant('supervisor') }) },
    { weight: 2, arbitrary: anyTemplateOf('replied', { requestId: anyRequestId() }) },
    { weight: 3, arbitrary: anyTemplateOf('visitorWrote', { requestId: anyRequestId() }) },
    { weight: 6, arbitrary: anyTemplateOf('end', { requestId: anyRequestId() }) },
    {
      weight: 4,
      arbitrary: anyTemplateOf('reroute', { requestId: anyRequestId(), routingResult: anyRoutingResult() }),
    },
    {
      weight: 3,
      arbitrary: anyTemplateOf('updateFacts', {
        requestId: anyRequestId(),
        facts: anyFacts(),
        routingResult: fc.option(anyRoutingResult()),
      }),
    },
  ]
}

function staffCommands(): WeightedTemplate[] {
  const session = { staffId: anyStaffId(), sessionId: fc.constantFrom(...sampleNames.sessions) }
  return [
    { weight: 12, arbitrary: anyTemplateOf('connect', session) },
    { weight: 6, arbitrary: anyTemplateOf('disconnect', session) },
    { weight: 4, arbitrary: anyTemplateOf('heartbeat', session) },
    {
      weight: 6,
      arbitrary: anyTemplateOf('setAvailability', { staffId: anyStaffId(), availability: anyAvailability() }),
    },
    { weight: 4, arbitrary: anyTemplateOf('setStaff', { staff: anyStaff() }) },
    { weight: 1, arbitrary: anyTemplateOf('removeStaff', { staffId: anyStaffId() }) },
    { weight: 1, arbitrary: anyTemplateOf('setRoster', { staff: anyRoster() }) },
  ]
}

function visitorCommands(): WeightedTemplate[] {
  const visitorId = fc.constantFrom(...sampleNames.visitors)
  const namedSession = fc.constantFrom(...sampleNames.sessions)
  const sessionId = fc.oneof(fc.constant(undefined), namedSession)
  return [
    { weight: 4, arbitrary: anyTemplateOf('visitorArrived', { visitorId, sessionId, facts: anyFacts() }) },
    { weight: 4, arbitrary: anyTemplateOf('visitorLeft', { visitorId, sessionId }) },
    { weight: 3, arbitrary: anyTemplateOf('visitorHeartbeat', { visitorId, sessionId: namedSession }) },
    { weight: 1, arbitrary: anyTemplateOf('resume', {}) },
  ]
}

function deskCommands(): WeightedTemplate[] {
  const change = {
    ifRevision: fc.constantFrom(undefined, undefined, 1, 2),
    by: fc.constantFrom(undefined, 'supervisor'),
  }
  return [
    {
      weight: 1,
      arbitrary: anyTemplateOf('setWorkflows', { workflows: fc.constantFrom([], [{ name: 'Bills' }]), ...change }),
    },
    {
      weight: 1,
      arbitrary: anyTemplateOf('setWorkflow', {
        workflow: fc.constantFrom({ name: 'Bills' }, { name: 'Servers' }),
        ...change,
      }),
    },
    { weight: 1, arbitrary: anyTemplateOf('removeWorkflow', { name: fc.constantFrom('Bills', 'Servers'), ...change }) },
    { weight: 1, arbitrary: anyTemplateOf('setShifts', { shifts: anyShifts(), times: fc.constant([]), ...change }) },
    { weight: 1, arbitrary: anyTemplateOf('setPolicy', { policy: anyPolicy() }) },
    { weight: 1, arbitrary: anyTemplateOf('configure', configurationFields()) },
    { weight: 4, arbitrary: anyTemplateOf('tick', { times: fc.constant([]) }) },
  ]
}

function anyTemplateOf(
  type: CommandTemplate['type'],
  fields: { readonly [name: string]: fc.Arbitrary<unknown> },
): fc.Arbitrary<CommandTemplate> {
  return fc.record({ type: fc.constant(type), ...fields }) as fc.Arbitrary<unknown> as fc.Arbitrary<CommandTemplate>
}

function configurationFields() {
  const times = fc.constant([])
  return {
    policy: fc.option(anyPolicy()),
    shifts: fc.option(fc.record({ shifts: anyShifts(), times })),
    staff: fc.option(anyRoster()),
    workflows: fc.option(fc.constantFrom([], [{ name: 'Bills' }])),
  }
}

function requestChatFields() {
  return {
    requestId: fc.oneof(
      { weight: 12, arbitrary: fc.constant('#new') },
      { weight: 1, arbitrary: fc.constantFrom('#0', '#3') },
    ),
    visitorId: fc.constantFrom(...sampleNames.visitors),
    facts: anyFacts(),
    weight: fc.constantFrom(null, null, 1, 2),
    routingResult: anyRoutingResult(),
  }
}

function requestAndStaff() {
  return { requestId: anyRequestId(), staffId: anyStaffId() }
}

function anyRequestId(): fc.Arbitrary<string> {
  return fc.constantFrom('#0', '#0', '#0', '#1', '#1', '#1', '#2', '#2', '#3', '#4', '#5', '#9')
}

function anyStaffId(): fc.Arbitrary<string> {
  const known = fc.constantFrom(...sampleNames.staff)
  return fc.oneof({ weight: 30, arbitrary: known }, { weight: 1, arbitrary: fc.constant(sampleNames.stranger) })
}

function anyAvailability() {
  return fc.constantFrom('available', 'available', 'away')
}

/** A policy with short times that often coincide, zero where zero is allowed, and limits low enough to be reached. */
export function anyPolicy(): fc.Arbitrary<Policy> {
  return fc
    .record(
      {
        offerTimeoutMs: fc.constantFrom(1_000, 20_000),
        retryDelayMs: fc.constantFrom(1, 1_000, 5_000),
        remindAfterMs: fc.constantFrom(null, 1_000, 60_000),
        unattendedAfterMs: fc.constantFrom(1_000, 60_000),
        sessionLeaseMs: fc.constantFrom(null, 20_000),
        presenceGraceMs: fc.constantFrom(0, 1_000),
        visitorLeaseMs: fc.constantFrom(null, 1_000, 20_000),
        abandonAfterMs: fc.constantFrom(0, 1_000, 20_000),
        transferMs: fc.constantFrom(1_000, 60_000),
        wrapUpMs: fc.constantFrom(0, 20_000),
        reclaimAfterMs: fc.constantFrom(null, 1_000, 20_000),
        firstReplyMs: fc.constantFrom(null, 20_000),
        replyMs: fc.constantFrom(null, 1_000, 20_000),
        endWhenVisitorLeftMs: fc.constantFrom(null, 1_000, 20_000),
        maxWaitMs: fc.constantFrom(null, null, 60_000),
        whenExhausted: fc.constantFrom('everyone', 'hold'),
        visitorAlertTtlMs: fc.constantFrom(0, 20_000),
        visitorAlertsPerMinuteMax: fc.constantFrom(0, 1, 10),
        capacity: fc.constantFrom(1, 2),
        weight: fc.constantFrom(1, 2),
        missedOffersMax: fc.constantFrom(1, 2),
        awayAfterMissedOffers: fc.boolean(),
        requestsPerVisitorMax: fc.constantFrom(1, 2, 3),
        openRequestsMax: fc.constantFrom(1, 3, 10_000),
        requestsPerMinuteMax: fc.constantFrom(2, 1_000),
        visitorsMax: fc.constantFrom(2, 100_000),
        visitorsPerMinuteMax: fc.constantFrom(2, 10_000),
      },
      { requiredKeys: [] },
    )
    .map((changes) => ({ ...defaultPolicy, ...changes }))
}
