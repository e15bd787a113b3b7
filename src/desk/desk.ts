import type {
  Availability,
  DeskError,
  Facts,
  Policy,
  RequestId,
  SessionId,
  Shift,
  Staff,
  StaffId,
  VisitorId,
} from '../core'
import type { OutcomeOf } from './api/outcome'
import { type DeskViewSources, DeskViews } from './desk-views'
import { checkSubscription, type DeskEventType } from './events/desk-events'
import type { DeskListener, EventBus } from './events/event-bus'
import {
  type CommandInput,
  type CommandOptions,
  type OptionsOf,
  type RequestChatInput,
  type RulesOptions,
  withType,
} from './parse/command-input'
import type { CommandHandler } from './runtime/command-handler'
import { closeParts, type DeskRuntime, type SyncOutcome } from './runtime/desk-runtime'

/** The parts of a desk, which `openDesk` puts together. */
export interface DeskDependencies extends DeskViewSources {
  readonly commandHandler: CommandHandler
  readonly runtime: DeskRuntime
  readonly eventBus: EventBus
  readonly unsubscribe: () => void
}

type RequestAndStaff = 'requestId' | 'staffId'
type Answer<Type extends CommandInput['type']> = Promise<OutcomeOf<Type>>

/** One tenant's desk, opened by `openDesk`: its commands, see `docs/reference/commands.md`, and its listeners. */
export class Desk extends DeskViews {
  readonly #parts: DeskDependencies

  /** @internal */
  constructor(parts: DeskDependencies) {
    super(parts)
    this.#parts = parts
  }

  /**
   * Executes commands one after another, in the order of the calls; one that a listener gives, after all listeners were
   * called. Resolves with the outcome after the listeners were called with all that the command changed.
   * @throws InvalidInputError (as a rejection, and nothing else) for malformed input; then nothing has changed.
   */
  execute<Input extends CommandInput>(command: Input): Answer<Input['type']> {
    return this.#parts.commandHandler.handle(command) as Answer<Input['type']>
  }

  /** Requests a chat for a visitor. One who has a live request gets that one back, with `duplicate: true`. */
  requestChat(request: RequestChatInput & CommandOptions): Answer<'requestChat'> {
    return this.execute(withType('requestChat', request))
  }

  /** Closes a request as cancelled. */
  cancel(requestId: RequestId, options?: OptionsOf<'cancel', 'requestId'>): Answer<'cancel'> {
    return this.execute({ ...options, type: 'cancel', requestId })
  }

  /** Accepts a request: one staff member wins. Works from the awaiting list too, whether the request rings or not. */
  accept(requestId: RequestId, staffId: StaffId, options?: CommandOptions): Answer<'accept'> {
    return this.execute({ ...options, type: 'accept', requestId, staffId })
  }

  /** Silences this request for one staff member on all their devices; it keeps ringing for other staff. */
  mute(requestId: RequestId, staffId: StaffId, options?: CommandOptions): Answer<'mute'> {
    return this.execute({ ...options, type: 'mute', requestId, staffId })
  }
  /** Ends a mute or snooze. */
  unmute(requestId: RequestId, staffId: StaffId, options?: CommandOptions): Answer<'unmute'> {
    return this.execute({ ...options, type: 'unmute', requestId, staffId })
  }
  /** Mutes for `forMs` milliseconds. */
  snooze(requestId: RequestId, staffId: StaffId, options: OptionsOf<'snooze', RequestAndStaff>): Answer<'snooze'> {
    return this.execute({ ...options, type: 'snooze', requestId, staffId })
  }

  /** Removes a staff member from this request's audience. */
  decline(requestId: RequestId, staffId: StaffId, options?: OptionsOf<'decline', RequestAndStaff>): Answer<'decline'> {
    return this.execute({ ...options, type: 'decline', requestId, staffId })
  }
  /** Opens an assigned request again, so that it rings with its age and place in the queue. */
  release(requestId: RequestId, options: OptionsOf<'release', 'requestId'>): Answer<'release'> {
    return this.execute({ ...options, type: 'release', requestId })
  }
  /** Puts a request on the route of a target, or a whole route; a chat returns when not accepted in `transferMs`. */
  transfer(requestId: RequestId, options: OptionsOf<'transfer', 'requestId'>): Answer<'transfer'> {
    return this.execute({ ...options, type: 'transfer', requestId })
  }
  /** Gives a request to a staff member in a supervisor's name, beyond their capacity if need be. */
  assign(requestId: RequestId, staffId: StaffId, options: OptionsOf<'assign', RequestAndStaff>): Answer<'assign'> {
    return this.execute({ ...options, type: 'assign', requestId, staffId })
  }

  /** Records that the visitor waits for an answer: `policy.replyMs` runs from the first message that has none. */
  visitorWrote(requestId: RequestId, options?: CommandOptions): Answer<'visitorWrote'> {
    return this.execute({ ...options, type: 'visitorWrote', requestId })
  }
  /** Records that the staff member has answered the visitor. */
  replied(requestId: RequestId, options?: OptionsOf<'replied', 'requestId'>): Answer<'replied'> {
    return this.execute({ ...options, type: 'replied', requestId })
  }
  /** Ends a chat. */
  end(requestId: RequestId, options?: OptionsOf<'end', 'requestId'>): Answer<'end'> {
    return this.execute({ ...options, type: 'end', requestId })
  }

  /** Merges facts into those of a request; with `reroute: true` an open one is routed anew by them. */
  updateFacts(
    requestId: RequestId,
    facts: Facts,
    options?: OptionsOf<'updateFacts', 'requestId' | 'facts'>,
  ): Answer<'updateFacts'> {
    return this.execute({ ...options, type: 'updateFacts', requestId, facts })
  }

  /** Routes an open request anew. */
  reroute(requestId: RequestId, options?: CommandOptions): Answer<'reroute'> {
    return this.execute({ ...options, type: 'reroute', requestId })
  }

  /** Records that a visitor is here: a tab or device that sends heartbeats (`sessionId`), or counted by the host. */
  visitorArrived(visitor: OptionsOf<'visitorArrived'>): Answer<'visitorArrived'> {
    return this.execute(withType('visitorArrived', visitor))
  }

  /** Ends one session of a visitor, who has left when it was the last one. */
  visitorLeft(visitorId: VisitorId, options?: OptionsOf<'visitorLeft', 'visitorId'>): Answer<'visitorLeft'> {
    return this.execute({ ...options, type: 'visitorLeft', visitorId })
  }

  /** Renews the lease of a visitor's session. A visitor whose lease had run out is here again. */
  visitorHeartbeat(visitorId: VisitorId, sessionId: SessionId, options?: CommandOptions): Answer<'visitorHeartbeat'> {
    return this.execute({ ...options, type: 'visitorHeartbeat', visitorId, sessionId })
  }

  /** Connects a tab or device of a staff member; it has to send a heartbeat before its lease runs out. */
  connect(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): Answer<'connect'> {
    return this.execute({ ...options, type: 'connect', staffId, sessionId })
  }
  /** Ends a session of a staff member, who stays present for `presenceGraceMs` after the last one. */
  disconnect(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): Answer<'disconnect'> {
    return this.execute({ ...options, type: 'disconnect', staffId, sessionId })
  }
  /** Renews the lease of a staff member's session; starts the session when the lease has run out. */
  heartbeat(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): Answer<'heartbeat'> {
    return this.execute({ ...options, type: 'heartbeat', staffId, sessionId })
  }
  /** Sets whether a staff member wants to be rung. */
  setAvailability(staffId: StaffId, availability: Availability, options?: CommandOptions): Answer<'setAvailability'> {
    return this.execute({ ...options, type: 'setAvailability', staffId, availability })
  }

  /** Adds a staff member, or replaces their whole record. */
  setStaff(staff: Staff, options?: CommandOptions): Answer<'setStaff'> {
    return this.execute({ ...options, type: 'setStaff', staff })
  }
  /** Removes a staff member; their chats ring again. */
  removeStaff(staffId: StaffId, options?: CommandOptions): Answer<'removeStaff'> {
    return this.execute({ ...options, type: 'removeStaff', staffId })
  }

  /** Makes the roster exactly these staff, in one step; the chats of those who leave ring again. */
  setRoster(staff: readonly Staff[], options?: CommandOptions): Answer<'setRoster'> {
    return this.execute({ ...options, type: 'setRoster', staff })
  }

  /** Replaces all workflows at once. The list must not change until this has resolved: a long one is read in pieces. */
  setWorkflows(workflows: readonly unknown[], options?: RulesOptions): Answer<'setWorkflows'> {
    return this.execute({ ...options, type: 'setWorkflows', workflows })
  }
  /** Puts one workflow in the place of the one with its name, or last. Costs the same among any number of workflows. */
  setWorkflow(workflow: unknown, options?: RulesOptions): Answer<'setWorkflow'> {
    return this.execute({ ...options, type: 'setWorkflow', workflow })
  }
  /** Removes one workflow by its name. */
  removeWorkflow(name: string, options?: RulesOptions): Answer<'removeWorkflow'> {
    return this.execute({ ...options, type: 'removeWorkflow', name })
  }

  /** Replaces all shifts at once. */
  setShifts(shifts: readonly Shift[], options?: RulesOptions): Answer<'setShifts'> {
    return this.execute({ ...options, type: 'setShifts', shifts })
  }

  /** Changes the given policies; all other policies stay. */
  setPolicy(policy: Partial<Policy>, options?: CommandOptions): Answer<'setPolicy'> {
    return this.execute({ ...options, type: 'setPolicy', policy })
  }

  /**
   * Calls a listener for each notification of a type of `DeskEvents`; `event` stands for all domain events. Returns an
   * unsubscribe function. What a listener throws is emitted as `error`.
   * @throws InvalidInputError for a type that is never emitted, and for a listener that is no function.
   */
  on<Type extends DeskEventType>(type: Type, listener: DeskListener<Type>): () => void {
    checkSubscription(type, listener)
    return this.#parts.eventBus.on(type, listener)
  }

  /** @internal Emits a failure of a layer above the desk as `error`. */
  reportError(error: DeskError): void {
    this.#parts.eventBus.emit('error', error)
  }

  /** Resolves when this node has applied all that was in the store at the call; refused when it cannot be read. */
  sync(): Promise<SyncOutcome> {
    return this.#parts.runtime.sync()
  }

  /** Resolves when every command so far has been answered and nothing is due. */
  idle(): Promise<void> {
    return this.#parts.runtime.idle()
  }

  /** Answers the commands given so far and cancels the timers. Later commands are refused as `unavailable`. */
  async close(): Promise<void> {
    if (!this.#parts.runtime.isClosed) await closeParts(this.#parts)
  }
}
