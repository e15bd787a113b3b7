import type { DomainEvent } from '../../core'
import type { Chronicle } from '../chronicle/chronicle'
import type { DeskView } from '../playing/desk-view'
import type { Turn, TurnStep } from '../playing/turn'

/** A sentence about every desk at every time (SEMANTICS 11), and how to see that it is broken. */
export interface Invariant {
  readonly id: InvariantId
  /** What it promises, in a few words. */
  readonly name: string
  /** A fresh observer of one desk from its first event. */
  watch(): Observer
}

export type InvariantId = `I${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15}`

/** Each says what is wrong in one sentence, or `null`. */
export interface Observer {
  beforeEvent?(event: DomainEvent, book: Chronicle): string | null
  afterEvent?(step: TurnStep, book: Chronicle): string | null
  afterTurn?(turn: Turn, book: Chronicle): string | null
  atRest?(desk: DeskView, book: Chronicle): string | null
}
