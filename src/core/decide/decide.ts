import type { Command } from '../messages/command'
import type { DeskState } from '../state/state'
import { decideAssignment } from './assignment'
import type { Decision } from './decision'
import { decidePresence } from './presence'
import { decideRequest } from './request'
import { decideRoster } from './roster'
import { decideTick } from './tick'

/**
 * Decides what a command leads to. Pure: reads the state, changes nothing. Times never run backwards: a command that
 * comes with an earlier time than the newest event is decided at that event's time.
 */
export function decide(state: DeskState, asked: Command): Decision {
  const command = asked.at >= state.at ? asked : { ...asked, at: state.at }
  switch (command.type) {
    case 'requestChat':
    case 'cancel':
    case 'mute':
    case 'unmute':
    case 'snooze':
    case 'decline':
    case 'reroute':
      return decideRequest(state, command)
    case 'accept':
    case 'assign':
    case 'replied':
    case 'end':
    case 'release':
    case 'transfer':
      return decideAssignment(state, command)
    case 'connect':
    case 'disconnect':
    case 'heartbeat':
    case 'setAvailability':
    case 'visitorArrived':
    case 'visitorLeft':
      return decidePresence(state, command)
    case 'setStaff':
    case 'removeStaff':
    case 'setWorkflows':
    case 'setWorkflow':
    case 'removeWorkflow':
    case 'setShifts':
    case 'setPolicy':
      return decideRoster(state, command)
    case 'tick':
      return decideTick(state, command)
    default:
      return command satisfies never
  }
}
