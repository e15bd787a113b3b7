import type { Facts } from '../../core'

/**
 * One little story before it is told: when a visitor comes and with what facts, and what people do meanwhile. Plain
 * JSON of small numbers, so that it shrinks to the simplest one.
 */
export interface Situation {
  /** Which of the week's instants. */
  readonly instant: number
  readonly facts: Facts
  /** Which of the staff are not there although their shift is on. */
  readonly missing: readonly number[]
  readonly deeds: readonly StoryDeed[]
}

/** Something that somebody does after a while. */
export interface StoryDeed {
  /** Which of the waits. */
  readonly wait: number
  /** Which of the staff; the deeds of visitors are nobody's. */
  readonly who: number
  readonly what: StoryVerb
}

/** The plainest first. `busy`: takes chats of others until nothing more fits. `returns`: takes it and gives it back. */
export const storyVerbs = [
  ...(['mutes', 'goes away', 'leaves', 'busy', 'snoozes', 'declines', 'returns', 'unmutes'] as const),
  ...(['comes back', 'free', 'visitor leaves', 'visitor comes back'] as const),
] as const

export type StoryVerb = (typeof storyVerbs)[number]
