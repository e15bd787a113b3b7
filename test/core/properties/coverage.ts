import type { CommandType, DomainEvent, EventType, RefusalCode, StopReason } from '../../../src/core'
import type { Step } from '../../../src/testing/driver/scenario'

/** A request is abandoned when its visitor stays away, and then nothing rings any more that could stop. */
const unreachable = 'abandoned' satisfies StopReason

/** What a campaign must have reached, each list complete by its type. */
const aims = {
  commands: {
    requestChat: 0,
    cancel: 0,
    accept: 0,
    mute: 0,
    unmute: 0,
    snooze: 0,
    decline: 0,
    release: 0,
    transfer: 0,
    assign: 0,
    visitorWrote: 0,
    replied: 0,
    end: 0,
    reroute: 0,
    updateFacts: 0,
    visitorArrived: 0,
    visitorLeft: 0,
    visitorHeartbeat: 0,
    resume: 0,
    connect: 0,
    disconnect: 0,
    heartbeat: 0,
    setAvailability: 0,
    setStaff: 0,
    removeStaff: 0,
    setRoster: 0,
    configure: 0,
    setWorkflows: 0,
    setWorkflow: 0,
    removeWorkflow: 0,
    setShifts: 0,
    setPolicy: 0,
    tick: 0,
  } satisfies Record<CommandType, 0>,
  refusals: {
    'unknown-request': 0,
    'unknown-staff': 0,
    'unknown-workflow': 0,
    'request-closed': 0,
    taken: 0,
    'not-in-audience': 0,
    'at-capacity': 0,
    'not-assigned': 0,
    'limit-exceeded': 0,
    'duplicate-id': 0,
    conflict: 0,
    // The desk around the core gives the two that are left out.
  } satisfies Record<Exclude<RefusalCode, 'unavailable' | 'outcome-unknown'>, 0>,
  stops: {
    accepted: 0,
    muted: 0,
    snoozed: 0,
    declined: 0,
    'offer-expired': 0,
    'handed-over': 0,
    cancelled: 0,
    'visitor-away': 0,
    expired: 0,
    unavailable: 0,
    'off-shift': 0,
    'at-capacity': 0,
    rerouted: 0,
    transferred: 0,
    removed: 0,
    reserved: 0,
  } satisfies Record<Exclude<StopReason, typeof unreachable>, 0>,
  events: {
    'policy.set': 0,
    'workflows.set': 0,
    'workflow.set': 0,
    'workflow.removed': 0,
    'staff.set': 0,
    'staff.removed': 0,
    'session.started': 0,
    'session.renewed': 0,
    'session.ended': 0,
    'presence.ended': 0,
    'availability.changed': 0,
    'staff.notResponding': 0,
    'shifts.set': 0,
    'shift.started': 0,
    'shift.ended': 0,
    'visitor.arrived': 0,
    'visitor.left': 0,
    'visitorSession.started': 0,
    'visitorSession.renewed': 0,
    'visitorSession.ended': 0,
    'desk.resumed': 0,
    'visitor.forgotten': 0,
    'request.opened': 0,
    'request.muted': 0,
    'request.unmuted': 0,
    'snooze.ended': 0,
    'request.declined': 0,
    'request.accepted': 0,
    'visitor.wrote': 0,
    'request.replied': 0,
    'request.released': 0,
    'request.transferred': 0,
    'transfer.returned': 0,
    'request.rerouted': 0,
    'step.started': 0,
    'request.factsUpdated': 0,
    'request.reminded': 0,
    'offer.made': 0,
    'offer.expired': 0,
    'offerRound.ended': 0,
    'offerRound.started': 0,
    'request.unattended': 0,
    'request.closed': 0,
    'wrapUp.ended': 0,
  } satisfies Record<EventType, 0>,
  details: {
    'unattended all-muted': 0,
    'unattended nobody-reachable': 0,
    'unattended waited-too-long': 0,
    'unattended assignee-absent': 0,
    'unattended no-reply': 0,
    'step time': 0,
    'step nobody-present': 0,
    'step nobody-free': 0,
    'step reminder': 0,
    'widened to everyone': 0,
    'release released': 0,
    'release staff-removed': 0,
    'release no-reply': 0,
    'release assignee-absent': 0,
    'route workflow': 0,
    'session disconnected': 0,
    'session lease-expired': 0,
    'closed ended': 0,
    'ended since the visitor left': 0,
    'closed cancelled': 0,
    'closed abandoned': 0,
    'closed expired': 0,
    'transfer back to the giver': 0,
    'transfer on to everyone': 0,
    'visitor shown': 0,
    'limit openRequestsMax': 0,
    'limit requestsPerMinuteMax': 0,
    'limit visitorsMax': 0,
    'why not-targeted': 0,
    'why not-in-team': 0,
    'why lacks-skill': 0,
    'why not-in-shift': 0,
    'why declined': 0,
  },
}

/** Counts what a campaign has reached, and says what it has not. */
export class Coverage {
  readonly #reached = new Map<string, number>()

  add({ command, outcome, applied }: Step): void {
    this.#count(`commands ${command.type}`)
    if (!outcome.ok) this.#count(`refusals ${outcome.code}`)
    if (!outcome.ok && outcome.code === 'limit-exceeded') this.#count(`details limit ${outcome.limit}`)
    if (!outcome.ok && outcome.code === 'not-in-audience') this.#count(`details why ${outcome.reason}`)
    for (const { event, edges } of applied) {
      this.#count(`events ${event.type}`)
      for (const detail of detailsOf(event)) this.#count(`details ${detail}`)
      for (const edge of edges) {
        if (edge.type === 'stop') this.#count(`stops ${edge.reason}`)
        if (edge.type === 'visitor') this.#count('details visitor shown')
      }
    }
  }

  /** Everything that was aimed at and never reached. */
  missing(): string[] {
    const wanted = Object.entries(aims).flatMap(([kind, names]) => Object.keys(names).map((name) => `${kind} ${name}`))
    return wanted.filter((each) => !this.#reached.has(each))
  }

  /** What was reached least often, for who tunes the generator. */
  rarest(): string {
    const counts = [...this.#reached].sort(([, one], [, other]) => one - other).slice(0, 6)
    return counts.map(([name, count]) => `${name} ${count}x`).join(', ')
  }

  #count(name: string): void {
    this.#reached.set(name, (this.#reached.get(name) ?? 0) + 1)
  }
}

function detailsOf(event: DomainEvent): string[] {
  switch (event.type) {
    case 'request.unattended':
      return [`unattended ${event.cause}`]
    case 'step.started':
      return [`step ${event.cause}`]
    case 'request.opened':
      return event.step === event.routingResult.route.steps.length ? ['widened to everyone'] : []
    case 'request.released':
      return [`release ${event.cause}`, ...(event.route === 'workflow' ? ['route workflow'] : [])]
    case 'session.ended':
      return [`session ${event.cause}`]
    case 'request.closed':
      return [`closed ${event.outcome}`, ...(event.reason === 'visitor-left' ? ['ended since the visitor left'] : [])]
    case 'transfer.returned':
      return [event.to === null ? 'transfer on to everyone' : 'transfer back to the giver']
    default:
      return []
  }
}
