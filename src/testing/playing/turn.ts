import type { Command, Decision, DomainEvent, Edge } from '../../core'

/** One command, its answer, and each event it caused with the edges that event made. */
export interface Turn {
  readonly command: Command
  readonly outcome: Decision['outcome']
  readonly steps: readonly TurnStep[]
}

export interface TurnStep {
  readonly event: DomainEvent
  readonly edges: readonly Edge[]
}
