import type { Command } from '../core'
import { completeCommand, type PlainInput } from './complete-command'
import type { Task } from './work'

/** A command that needs the time and nothing else to be complete. */
export class PlainTask implements Task {
  readonly commandId: string | null
  readonly details = null
  readonly #input: PlainInput

  constructor(input: PlainInput, commandId: string | null) {
    this.#input = input
    this.commandId = commandId
  }

  complete(at: number): Command {
    return completeCommand(this.#input, at)
  }
}
