import type { Command } from '../../core'

/**
 * One move of a scenario: how long nothing happens, and then what is asked. It is data and not yet a command, since its
 * instant and the requests it names depend on what came before.
 */
export interface Move {
  readonly wait: Wait
  readonly deed: Deed
}

/**
 * `ms`: that long. `to`: to the desk's next deadline, or one millisecond off it. `at`: to that instant. `asleep`: the desk's process was down,
 * so that all deadlines of the time between come at its end; otherwise each comes at its own instant.
 */
export type Wait =
  | { readonly ms: number; readonly asleep: boolean }
  | { readonly to: 'before' | 'deadline' | 'after' }
  | { readonly at: number }

/**
 * A command without its instant. In `requestId`, `#0` is the request opened last, `#1` the one before it, and so on;
 * `#new` is an id never used. Any other text stands for itself. A tick's or shift change's `times` are filled in.
 */
export type Deed = WithoutAt<Command>

type WithoutAt<Any> = Any extends Command ? Omit<Any, 'at'> : never
