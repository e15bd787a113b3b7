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
} from '../../core'
import type {
  CommandInput,
  CommandInputType,
  CommandOptions,
  OwnerOptions,
  PartialCommand,
  RequestChatInput,
} from '../parse/command-input'
import type { OutcomeOf } from './outcome'

type OutcomePromise<Type extends CommandInputType> = Promise<OutcomeOf<Type>>

/** Does what a method asks for: its own words, and what it was given besides. */
type ExecuteCommand = <Type extends CommandInputType>(own: PartialCommand<Type>, given?: object) => OutcomePromise<Type>

/** `reroute`: routes all open requests anew as well; otherwise they keep the routes that they have. */
export type RulesOptions = CommandOptions & { readonly reroute?: boolean }

/** Every command as a method. What each does and refuses: SEMANTICS 4, `docs/reference/commands.md`. */
export abstract class DeskCommands {
  readonly #asked: ExecuteCommand

  /** @internal */
  constructor(asked: ExecuteCommand) {
    this.#asked = asked
  }

  /**
   * Does any command; the methods are sugar for it. Resolves with the outcome after all that the command changed has
   * been told to the listeners.
   * @throws InvalidInputError (as a rejection) for malformed input; nothing has changed then.
   */
  abstract execute<Input extends CommandInput>(command: Input): OutcomePromise<Input['type']>

  /** A visitor asks for a chat. One who has an open request gets that one back, with `duplicate: true`. */
  requestChat(request: RequestChatInput & CommandOptions): OutcomePromise<'requestChat'> {
    return this.#asked({ type: 'requestChat' }, request)
  }

  cancel(requestId: RequestId, options?: CommandOptions & { readonly reason?: string }): OutcomePromise<'cancel'> {
    return this.#asked({ type: 'cancel', requestId }, options)
  }

  /** Takes a request: one winner; it works from awaiting as well, whether it rings or not. */
  accept(requestId: RequestId, staffId: StaffId, options?: CommandOptions): OutcomePromise<'accept'> {
    return this.#asked({ type: 'accept', requestId, staffId }, options)
  }

  /** Silences this request for one person on all their devices; it rings on for the others. */
  mute(requestId: RequestId, staffId: StaffId, options?: CommandOptions): OutcomePromise<'mute'> {
    return this.#asked({ type: 'mute', requestId, staffId }, options)
  }

  unmute(requestId: RequestId, staffId: StaffId, options?: CommandOptions): OutcomePromise<'unmute'> {
    return this.#asked({ type: 'unmute', requestId, staffId }, options)
  }

  /** A mute that ends after so many milliseconds. */
  snooze(
    requestId: RequestId,
    staffId: StaffId,
    options: CommandOptions & { readonly forMs: number },
  ): OutcomePromise<'snooze'> {
    return this.#asked({ type: 'snooze', requestId, staffId }, options)
  }

  /** Takes a person out of this request's audience. */
  decline(
    requestId: RequestId,
    staffId: StaffId,
    options?: CommandOptions & { readonly reason?: string },
  ): OutcomePromise<'decline'> {
    return this.#asked({ type: 'decline', requestId, staffId }, options)
  }

  /**
   * Gives a chat back to the ring, with its age and place. `exclude`: and declines it for `by`, or for who had it where
   * `by` is no staff member.
   */
  release(
    requestId: RequestId,
    options: CommandOptions & OwnerOptions & { readonly by: string; readonly exclude?: boolean },
  ): OutcomePromise<'release'> {
    return this.#asked({ type: 'release', requestId }, options)
  }

  /** Gives a chat to others, by a target or a whole route; it comes back when nobody takes it in `transferMs`. */
  transfer(
    requestId: RequestId,
    options: CommandOptions & OwnerOptions & { readonly by: string; readonly to: Target | RouteInput },
  ): OutcomePromise<'transfer'> {
    return this.#asked({ type: 'transfer', requestId }, options)
  }

  /** A supervisor gives a request to somebody, beyond their capacity if need be. */
  assign(
    requestId: RequestId,
    staffId: StaffId,
    options: CommandOptions & { readonly by: string },
  ): OutcomePromise<'assign'> {
    return this.#asked({ type: 'assign', requestId, staffId }, options)
  }

  /** The staff member has answered the visitor for the first time. */
  replied(requestId: RequestId, options?: CommandOptions & OwnerOptions): OutcomePromise<'replied'> {
    return this.#asked({ type: 'replied', requestId }, options)
  }

  /** The chat is over. */
  end(requestId: RequestId, options?: CommandOptions & OwnerOptions): OutcomePromise<'end'> {
    return this.#asked({ type: 'end', requestId }, options)
  }

  /** Asks the workflows again. */
  reroute(requestId: RequestId, options?: CommandOptions): OutcomePromise<'reroute'> {
    return this.#asked({ type: 'reroute', requestId }, options)
  }

  visitorArrived(
    visitor: CommandOptions & { readonly visitorId: VisitorId; readonly facts?: Facts },
  ): OutcomePromise<'visitorArrived'> {
    return this.#asked({ type: 'visitorArrived' }, visitor)
  }

  visitorLeft(visitorId: VisitorId, options?: CommandOptions): OutcomePromise<'visitorLeft'> {
    return this.#asked({ type: 'visitorLeft', visitorId }, options)
  }

  /** A tab or device of a staff member is there; it has to send a heartbeat before its lease runs out. */
  connect(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): OutcomePromise<'connect'> {
    return this.#asked({ type: 'connect', staffId, sessionId }, options)
  }

  disconnect(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): OutcomePromise<'disconnect'> {
    return this.#asked({ type: 'disconnect', staffId, sessionId }, options)
  }

  heartbeat(staffId: StaffId, sessionId: SessionId, options?: CommandOptions): OutcomePromise<'heartbeat'> {
    return this.#asked({ type: 'heartbeat', staffId, sessionId }, options)
  }

  setAvailability(
    staffId: StaffId,
    availability: Availability,
    options?: CommandOptions,
  ): OutcomePromise<'setAvailability'> {
    return this.#asked({ type: 'setAvailability', staffId, availability }, options)
  }

  /** Adds a staff member, or replaces all that is known of one. */
  setStaff(staff: Staff, options?: CommandOptions): OutcomePromise<'setStaff'> {
    return this.#asked({ type: 'setStaff', staff }, options)
  }

  /** Their chats go back to the ring. */
  removeStaff(staffId: StaffId, options?: CommandOptions): OutcomePromise<'removeStaff'> {
    return this.#asked({ type: 'removeStaff', staffId }, options)
  }

  /** Replaces all workflows at once. */
  setWorkflows(workflows: readonly unknown[], options?: RulesOptions): OutcomePromise<'setWorkflows'> {
    return this.#asked({ type: 'setWorkflows', workflows }, options)
  }

  /** Puts one workflow in the place of the one with its name, or last. Costs the same among any number of workflows. */
  setWorkflow(workflow: unknown, options?: RulesOptions): OutcomePromise<'setWorkflow'> {
    return this.#asked({ type: 'setWorkflow', workflow }, options)
  }

  /** Removes one workflow by its name. */
  removeWorkflow(name: string, options?: RulesOptions): OutcomePromise<'removeWorkflow'> {
    return this.#asked({ type: 'removeWorkflow', name }, options)
  }

  /** Replaces all shifts at once. */
  setShifts(shifts: readonly Shift[], options?: RulesOptions): OutcomePromise<'setShifts'> {
    return this.#asked({ type: 'setShifts', shifts }, options)
  }

  /** Changes the policies that are given; the others stay. */
  setPolicy(policy: Partial<Policy>, options?: CommandOptions): OutcomePromise<'setPolicy'> {
    return this.#asked({ type: 'setPolicy', policy }, options)
  }
}
