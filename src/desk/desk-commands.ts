import type {
  Availability,
  Facts,
  Policy,
  RequestId,
  RouteInput,
  SessionId,
  Shift,
  Staff,
  StaffId,
  Target,
  VisitorId,
} from '../core'
import type { CommandInput, CommandInputType, CommandOptions, OwnerOptions, RequestChatInput } from './command-input'
import type { OutcomeOf } from './desk-outcome'

type Answer<Type extends CommandInputType> = Promise<OutcomeOf<Type>>

/** `reroute`: routes all open requests anew as well; otherwise they keep the routes that they have. */
export type RulesOptions = CommandOptions & { readonly reroute?: boolean }

/** Every command as a method. What each does and refuses: SEMANTICS 4, `docs/reference/commands.md`. */
export abstract class DeskCommands {
  /**
   * Does any command; the methods are sugar for it. Resolves with the outcome after all that the command changed has
   * been told to the listeners.
   * @throws InvalidInputError (as a rejection) for malformed input; nothing has changed then.
   */
  abstract execute<Input extends CommandInput>(command: Input): Answer<Input['type']>

  /** A visitor asks for a chat. One who has an open request gets that one back, with `duplicate: true`. */
  requestChat(request: RequestChatInput & CommandOptions): Answer<'requestChat'> {
    return this.execute({ ...request, type: 'requestChat' })
  }

  cancel(requestId: RequestId, options?: CommandOptions & { readonly reason?: string }): Answer<'cancel'> {
    return this.execute({ ...options, type: 'cancel', requestId })
  }

  /** Takes a request: one winner; it works from awaiting as well, whether it rings or not. */
  accept(requestId: RequestId, staffId: StaffId, options?: CommandOptions): Answer<'accept'> {
    return this.execute({ ...options, type: 'accept', requestId, staffId })
  }

  /** Silences this request for one person on all their devices; it rings on for the others. */
  mute(requestId: RequestId, staffId: StaffId, options?: CommandOptions): Answer<'mute'> {
    return this.execute({ ...options, type: 'mute', requestId, staffId })
  }

  unmute(requestId: RequestId, staffId: StaffId, options?: CommandOptions): Answer<'unmute'> {
    return this.execute({ ...options, type: 'unmute', requestId, staffId })
  }

  /** A mute that ends after so many milliseconds. */
  snooze(
    requestId: RequestId,
    staffId: StaffId,
    options: CommandOptions & { readonly forMs: number },
  ): Answer<'snooze'> {
    return this.execute({ ...options, type: 'snooze', requestId, staffId })
  }

  /** Takes a person out of this request's audience. */
  decline(
    requestId: RequestId,
    staffId: StaffId,
    options?: CommandOptions & { readonly reason?: string },
  ): Answer<'decline'> {
    return this.execute({ ...options, type: 'decline', requestId, staffId })
  }

  /** Gives a chat back to the ring, with its age and place. `exclude`: and declines it for `by`. */
  release(
    requestId: RequestId,
    options: CommandOptions & OwnerOptions & { readonly by: string; readonly exclude?: boolean },
  ): Answer<'release'> {
    return this.execute({ ...options, type: 'release', requestId })
  }

  /** Gives a chat to others, by a target or a whole route; it comes back when nobody takes it in `transferMs`. */
  transfer(
    requestId: RequestId,
    options: CommandOptions & OwnerOptions & { readonly by: string; readonly to: Target | RouteInput },
  ): Answer<'transfer'> {
    return this.execute({ ...options, type: 'transfer', requestId })
  }

  /** A supervisor gives a request to somebody, beyond their capacity if need be. */
  assign(requestId: RequestId, staffId: StaffId, options: CommandOptions & { readonly by: string }): Answer<'assign'> {
    return this.execute({ ...options, type: 'assign', requestId, staffId })
  }

  /** The staff member has answered the visitor for the first time. */
  replied(requestId: RequestId, options?: CommandOptions & OwnerOptions): Answer<'replied'> {
    return this.execute({ ...options, type: 'replied', requestId })
  }

  /** The chat is over. */
  end(requestId: RequestId, options?: CommandOptions & OwnerOptions): Answer<'end'> {
    return this.execute({ ...options, type: 'end', requestId })
  }

  /** Asks the workflows again. */
  reroute(requestId: RequestId, options?: CommandOptions): Answer<'reroute'> {
    return this.execute({ ...options, type: 'reroute', requestId })
  }

  visitorArrived(
    visitor: CommandOptions & { readonly visitorId: VisitorId; readonly facts?: Facts },
  ): Answer<'visitorArrived'> {
    return this.execute({ ...visitor, type: 'visitorArrived' })
  }

  visitorLeft(visitorId: VisitorId, options?: CommandOptions): Answer<'visitorLeft'> {
    return this.execute({ ...options, type: 'visitorLeft', visitorId })
  }

  /** A tab or device of a staff member is there; it has to send a heartbeat before its lease runs out. */
  connect(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): Answer<'connect'> {
    return this.execute({ ...options, type: 'connect', staffId, sessionId })
  }

  disconnect(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): Answer<'disconnect'> {
    return this.execute({ ...options, type: 'disconnect', staffId, sessionId })
  }

  heartbeat(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): Answer<'heartbeat'> {
    return this.execute({ ...options, type: 'heartbeat', staffId, sessionId })
  }

  setAvailability(staffId: StaffId, availability: Availability, options?: CommandOptions): Answer<'setAvailability'> {
    return this.execute({ ...options, type: 'setAvailability', staffId, availability })
  }

  /** Adds a staff member, or replaces all that is known of one. */
  setStaff(staff: Staff, options?: CommandOptions): Answer<'setStaff'> {
    return this.execute({ ...options, type: 'setStaff', staff })
  }

  /** Their chats go back to the ring. */
  removeStaff(staffId: StaffId, options?: CommandOptions): Answer<'removeStaff'> {
    return this.execute({ ...options, type: 'removeStaff', staffId })
  }

  /** Replaces all workflows at once. */
  setWorkflows(workflows: readonly unknown[], options?: RulesOptions): Answer<'setWorkflows'> {
    return this.execute({ ...options, type: 'setWorkflows', workflows })
  }

  /** Replaces all shifts at once. */
  setShifts(shifts: readonly Shift[], options?: RulesOptions): Answer<'setShifts'> {
    return this.execute({ ...options, type: 'setShifts', shifts })
  }

  /** Changes the policies that are given; the others stay. */
  setPolicy(policy: Partial<Policy>, options?: CommandOptions): Answer<'setPolicy'> {
    return this.execute({ ...options, type: 'setPolicy', policy })
  }
}
