import type { Command } from '../../core'
import { completeCommand, type PlainInput } from '../parse/complete-command'
import type { QueuedCommand } from './desk-runtime'

/** A command that needs the time and nothing else to be complete. */
export class PlainTask implements QueuedCommand {
  readonly commandId: string | null
  readonly detailsOf = null
  readonly #input: PlainInput

  constructor(input: PlainInput, commandId: string | null) {
    this.#input = input
    this.commandId = commandId
  }

  toCommand(at: number): Command {
    return completeCommand(this.#input, at)
  }
}
