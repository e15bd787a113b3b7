import type { Command, CommandOf, CommandType } from '../messages/command'
import type { DeskState } from '../state/state'
import { accept, assign, end, release, replied, transfer, visitorWrote } from './assignment'
import type { Decision } from './decision'
import {
  disconnect,
  renewSession,
  resume,
  setAvailability,
  visitorArrived,
  visitorHeartbeat,
  visitorLeft,
} from './presence'
import { cancel, decline, mute, requestChat, reroute, snooze, unmute, updateFacts } from './request'
import {
  configure,
  removeStaff,
  removeWorkflow,
  setPolicy,
  setRoster,
  setShifts,
  setStaff,
  setWorkflow,
  setWorkflows,
} from './roster'
import { tick } from './tick'

type CommandHandlers = {
  readonly [Type in CommandType]: (state: DeskState, command: CommandOf<Type>) => Decision
}

const handlers: CommandHandlers = {
  requestChat,
  cancel,
  accept,
  mute,
  unmute,
  snooze,
  decline,
  release,
  transfer,
  assign,
  visitorWrote,
  replied,
  end,
  reroute,
  updateFacts,
  visitorArrived,
  visitorLeft,
  visitorHeartbeat,
  connect: renewSession,
  disconnect,
  heartbeat: renewSession,
  setAvailability,
  setStaff,
  removeStaff,
  setRoster,
  setWorkflows,
  setWorkflow,
  removeWorkflow,
  setShifts,
  setPolicy,
  configure,
  resume,
  tick,
}

/**
 * Returns the decision about a command. Changes no part of the state but what is derived: an audience may be added, and
 * a tick may reschedule a deadline without an event. Times never run backwards: a command with an earlier time than the
 * newest event is decided at that event's time.
 */
export function decide(state: DeskState, command: Command): Decision {
  const handler = handlers[command.type] as (state: DeskState, command: Command) => Decision
  return handler(state, command.at >= state.at ? command : { ...command, at: state.at })
}
