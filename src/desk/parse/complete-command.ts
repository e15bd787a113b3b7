import type { Command, Policy } from '../../core'
import type { CommandInput } from './command-input'

/** Commands that need the time and nothing else to be complete. */
export type PlainInput = Exclude<
  CommandInput,
  {
    type:
      | 'requestChat'
      | 'reroute'
      | 'transfer'
      | 'setWorkflows'
      | 'setWorkflow'
      | 'removeWorkflow'
      | 'setShifts'
      | 'setPolicy'
  }
>

/** Fills in what a host may leave out. */
export function completeCommand(input: PlainInput, at: number): Command {
  switch (input.type) {
    case 'cancel':
      return { type: 'cancel', requestId: input.requestId, reason: input.reason ?? null, at }
    case 'decline':
      return { type: 'decline', ...requestAndStaffOf(input), reason: input.reason ?? null, at }
    case 'release': {
      const { commandId: _, exclude = false, ...rest } = input
      return { at, exclude, ...rest }
    }
    case 'visitorArrived':
      return { type: 'visitorArrived', visitorId: input.visitorId, facts: input.facts ?? {}, at }
    case 'accept':
      return { type: 'accept', requestId: input.requestId, staffId: input.staffId, at }
    case 'mute':
      return { type: 'mute', requestId: input.requestId, staffId: input.staffId, at }
    case 'end':
      return input.staffId === undefined
        ? { type: 'end', requestId: input.requestId, at }
        : { type: 'end', requestId: input.requestId, staffId: input.staffId, at }
    default:
      return { at, ...input }
  }
}

/** A policy that says of some things what it was told, and of the rest what held before. */
export function completePolicy(held: Policy, given: Partial<Policy>): Policy {
  return { ...held, ...given }
}

function requestAndStaffOf({ requestId, staffId }: { readonly requestId: string; readonly staffId: string }) {
  return { requestId, staffId }
}
